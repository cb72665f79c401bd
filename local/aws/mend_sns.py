"""SNS: moto takes the roles by which a topic logs its deliveries, and does not say them."""

from __future__ import annotations

from typing import Any

from moto.sns.responses import SNSResponse


def mend() -> None:
    """Puts the mended functions in moto's place."""
    keep_delivery_logging()


def keep_delivery_logging() -> None:
    """An attribute that is set to nothing is not there any more."""
    stock_set = SNSResponse.set_topic_attributes
    stock_get = SNSResponse.get_topic_attributes

    def put(self: Any) -> Any:
        name = self._get_param('AttributeName')
        if 'Feedback' in name:
            topic = self.backend.get_topic(self._get_param('TopicArn'))
            kept = topic.__dict__.setdefault('feedback', {})
            kept[name] = self._get_param('AttributeValue')
        return stock_set(self)

    def get(self: Any) -> Any:
        answer = stock_get(self)
        topic = self.backend.get_topic(self._get_param('TopicArn'))
        feedback = topic.__dict__.get('feedback', {})
        answer.result['Attributes'].update({name: value for name, value in feedback.items() if value})
        return answer

    SNSResponse.set_topic_attributes = put
    SNSResponse.get_topic_attributes = get
