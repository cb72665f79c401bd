"""EC2: moto adds an instance's groups to those of each of its interfaces, so a changed group never goes away."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import InvalidAMIIdError, InvalidNetworkAclIdError
from moto.ec2.models.amis import AmiBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.vpcs import VPCBackend


def mend() -> None:
    """Puts the mended functions in moto's place."""
    give_each_interface_its_own_groups()
    show_the_primary_interfaces_groups()
    say_which_network_acl_is_missing()
    find_endpoint_services_by_name()
    say_which_image_is_missing()


def give_each_interface_its_own_groups() -> None:
    """moto answers ModifyNetworkInterfaceAttribute with the new groups and the old ones together."""
    NetworkInterface.group_set = property(lambda self: self._group_set)


def show_the_primary_interfaces_groups() -> None:
    """An instance's groups are those of its primary interface; moto keeps two lists that drift apart."""

    def get(self: Any) -> Any:
        primary = self.__dict__.get('nics', {}).get(0)
        return primary._group_set if primary else self.__dict__.get('given_groups', [])

    def put(self: Any, groups: Any) -> None:
        self.__dict__['given_groups'] = groups
        primary = self.__dict__.get('nics', {}).get(0)
        if primary:
            primary._group_set = list(groups)

    Instance.security_groups = property(get, put)


def say_which_network_acl_is_missing() -> None:
    """moto calls a network ACL that is not there a route table."""
    stock = NetworkAclBackend.describe_network_acls

    def describe(self: Any, network_acl_ids: Any = None, filters: Any = None) -> Any:
        for each in network_acl_ids or []:
            if each not in self.network_acls:
                raise InvalidNetworkAclIdError(each)
        return stock(self, network_acl_ids, filters)

    NetworkAclBackend.describe_network_acls = describe


def say_which_image_is_missing() -> None:
    """moto breaks off where it is asked for an attribute of an image that is not there."""
    stock = AmiBackend.describe_image_attribute

    def describe(self: Any, ami_id: str, attribute_name: str) -> Any:
        if ami_id not in self.amis:
            raise InvalidAMIIdError(ami_id)
        return stock(self, ami_id, attribute_name)

    AmiBackend.describe_image_attribute = describe


def find_endpoint_services_by_name() -> None:
    """moto looks for the values of a filter where none stand."""
    stock = VPCBackend.describe_vpc_endpoint_services

    def describe(self: Any, service_names: Any, filters: Any, **rest: Any) -> Any:
        valued = [{'Value': one.get('Values'), **one} for one in filters]
        return stock(self, service_names=service_names, filters=valued, **rest)

    VPCBackend.describe_vpc_endpoint_services = describe
