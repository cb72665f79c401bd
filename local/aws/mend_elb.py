"""Load balancers: moto has nothing to say of a classic one that is not there, and calls all others application ones."""

from __future__ import annotations

from typing import Any

from moto.elb import responses
from moto.elb.exceptions import LoadBalancerNotFoundError
from moto.elbv2 import models

KINDS = {'network': 'net', 'gateway': 'gwy'}


def mend() -> None:
    """Puts the mended functions in moto's place."""
    say_which_is_not_there()
    name_by_kind()


def say_which_is_not_there() -> None:
    """moto answers with a web page where there is no such balancer."""
    describe = responses.ELBResponse.describe_load_balancer_attributes

    def describe_attributes(self: Any) -> Any:
        name = self._get_param('LoadBalancerName')
        if self.elb_backend.get_load_balancer(name) is None:
            raise LoadBalancerNotFoundError(name)
        return describe(self)

    responses.ELBResponse.describe_load_balancer_attributes = describe_attributes


def name_by_kind() -> None:
    """The ARN of a balancer says of which kind it is."""
    stock = models.ELBv2Backend.create_load_balancer

    def create(self: Any, *args: Any, **kwargs: Any) -> Any:
        made = stock(self, *args, **kwargs)
        kind = KINDS.get(made.type)
        if kind and '/app/' in made.arn:
            del self.load_balancers[made.arn]
            made.arn = made.arn.replace('/app/', f'/{kind}/')
            self.load_balancers[made.arn] = made
        return made

    models.ELBv2Backend.create_load_balancer = create
