"""Uses the generated client against a running service: what it was generated for must work."""

import importlib
import os
import uuid

from client import AuthenticatedClient
from client.api.organizations import create_organization, get_organization, list_organizations
from client.models import NewOrganization, Plan

client = AuthenticatedClient(base_url=os.environ["BASE"], token=os.environ["KEY"])
name = f"Generated {uuid.uuid4()}"
again = str(uuid.uuid4())
new = NewOrganization(name=name, plan=Plan.ENTERPRISE)

made = create_organization.sync_detailed(client=client, body=new, idempotency_key=again)
assert made.status_code == 201, made
organization = made.parsed
assert organization.name == name and organization.plan == Plan.ENTERPRISE
repeated = create_organization.sync_detailed(client=client, body=new, idempotency_key=again)
assert repeated.status_code == 201 and repeated.parsed.id == organization.id, repeated
assert repeated.headers["idempotency-replayed"] == "true"

found = get_organization.sync(client=client, organization=organization.id)
assert found.to_dict() == organization.to_dict(), (found, organization)

names, cursor = [], None
while True:
    extra = {"cursor": cursor} if cursor else {}
    page = list_organizations.sync(client=client, limit=1, **extra)
    names += [it.name for it in page.items]
    cursor = page.next_cursor
    if not cursor:
        break
assert names.count(name) == 1, names


def part(path):
    """A module of the client, if the document has the operation."""
    try:
        return importlib.import_module(f"client.api.{path}")
    except ModuleNotFoundError:
        return None


models = importlib.import_module("client.models")
done = ["organizations"]
if create_role := part("roles.create_role"):
    role = create_role.sync(
        client=client, organization=organization.id, body=models.NewRole(name="Case reviewer")
    )
    assert role.name == "Case reviewer", role
    roles = part("roles.list_roles").sync(client=client, organization=organization.id)
    assert role.key in [it.key for it in roles.items], roles
    done.append("roles")
if create_key := part("api_keys.create_api_key"):
    key = create_key.sync(
        client=client,
        organization=organization.id,
        body=models.NewApiKey.from_dict({"name": "Okta", "permissions": ["scim"]}),
    )
    assert key.token.startswith("scimd_"), "no token"
    done.append("API keys")
print("the generated client worked with", ", ".join(done))
