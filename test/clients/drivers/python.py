"""Runs scenario.json with the client that openapi-python-client made."""

import json
import sys
from pathlib import Path
from typing import TypeVar

from countersign.api.approvals import approvals_create, approvals_get, approvals_list
from countersign.api.one_time_secrets import secrets_retrieve, secrets_share
from countersign.api.permission_requests import permissions_request, permissions_use
from countersign.client import AuthenticatedClient
from countersign.models.approval import Approval
from countersign.models.approvals_create_body import ApprovalsCreateBody
from countersign.models.approvals_list_response_200 import ApprovalsListResponse200
from countersign.models.created_approval import CreatedApproval
from countersign.models.permission_request import PermissionRequest
from countersign.models.permissions_request_body import PermissionsRequestBody
from countersign.models.permissions_use_body import PermissionsUseBody
from countersign.models.permissions_use_response_200 import PermissionsUseResponse200
from countersign.models.permissions_use_response_410 import PermissionsUseResponse410
from countersign.models.secrets_retrieve_json_body import SecretsRetrieveJsonBody
from countersign.models.secrets_retrieve_response_200 import SecretsRetrieveResponse200
from countersign.models.secrets_retrieve_response_404 import SecretsRetrieveResponse404
from countersign.models.secrets_share_json_body import SecretsShareJsonBody
from countersign.models.secrets_share_response_200 import SecretsShareResponse200
from countersign.types import UNSET

Wanted = TypeVar("Wanted")


def got(kind: type[Wanted], came: object) -> Wanted:
    """What came, when it is of this kind; stops at anything else."""
    if not isinstance(came, kind):
        raise SystemExit(f"not {kind.__name__}: {came}")
    return came


def main(file: str, url: str, key: str, test_key: str, name: str) -> dict[str, object]:
    told = json.loads(Path(file).read_text(encoding="utf-8"))
    client = AuthenticatedClient(base_url=url, token=key)
    agent = AuthenticatedClient(base_url=url, token=test_key)

    made = []
    for part in told["approvals"]["parts"]:
        wish = {**told["approvals"]["wish"], "key_path": f"clients/{name}/{part}", "ref_id": name}
        body = ApprovalsCreateBody.from_dict(wish)
        made.append(got(CreatedApproval, approvals_create.sync(client=client, body=body)))
    read = got(Approval, approvals_get.sync(made[0].approval_id, client=client))

    pages = []
    cursor: str | None = None
    while True:
        page = got(
            ApprovalsListResponse200,
            approvals_list.sync(client=client, ref_id=name, limit=told["approvals"]["limit"], cursor=cursor or UNSET),
        )
        pages.append(len(page.items))
        cursor = page.next_cursor
        if cursor is None:
            break

    secret = SecretsShareJsonBody.from_dict(told["secret"])
    shared = got(SecretsShareResponse200, secrets_share.sync(client=client, body=secret))
    secret_key = got(str, shared.secret_key)
    opening = SecretsRetrieveJsonBody()
    opened = got(SecretsRetrieveResponse200, secrets_retrieve.sync(secret_key, client=client, body=opening))
    opened_again = secrets_retrieve.sync_detailed(secret_key, client=client, body=opening)

    asked = permissions_request.sync(client=agent, body=PermissionsRequestBody.from_dict(told["permission"]))
    granted = got(PermissionRequest, asked)
    token = PermissionsUseBody(token=got(str, granted.token))
    used = got(PermissionsUseResponse200, permissions_use.sync(granted.id, client=agent, body=token))
    used_again = permissions_use.sync_detailed(granted.id, client=agent, body=token)

    return {
        "created": [approval.status.value for approval in made],
        "read": {
            "status": read.status.value,
            "info": read.info,
            "actions": [action.key for action in read.actions],
        },
        "pages": pages,
        "secret": opened.value,
        "secret_again": {
            "status": opened_again.status_code,
            "code": got(SecretsRetrieveResponse404, opened_again.parsed).code.value,
        },
        "permission": {
            "status": granted.status.value,
            "env": granted.env.value,
            "scope": granted.scope.to_dict(),
        },
        "used": {"success": used.success, "uses_remaining": used.uses_remaining},
        "used_again": {
            "status": used_again.status_code,
            "code": got(PermissionsUseResponse410, used_again.parsed).code.value,
        },
    }


print(json.dumps(main(*sys.argv[1:])))
