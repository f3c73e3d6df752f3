"""What a drafter changes about a playbook in one policy, as data (see `assembly.Overrides`). Pure.

Each function takes the changes so far and gives new ones.
"""

from typing import Any

Changes = dict[str, Any]


def word(changes: Changes, name: str, body: str, because: str) -> Changes:
    """Own words for a clause in this policy alone."""
    own = {"body": body.replace("\r\n", "\n").strip(), "because": because}
    return changes | {"wordings": changes.get("wordings", {}) | {name: own}}


def unword(changes: Changes, name: str) -> Changes:
    """Back to the library's words."""
    return changes | {"wordings": _without(changes.get("wordings", {}), name)}


def leave_out(changes: Changes, name: str, because: str) -> Changes:
    changes = unword(_unadd(changes, name), name)
    return changes | {"left_out": changes.get("left_out", {}) | {name: because}}


def take_in(changes: Changes, name: str) -> Changes:
    """No longer left out by the drafter; the playbook's own condition still holds."""
    return changes | {"left_out": _without(changes.get("left_out", {}), name)}


def add(changes: Changes, name: str, section: str, because: str) -> Changes:
    """Take a clause in whatever the playbook says."""
    changes = _unadd(take_in(changes, name), name)
    item = {"clause": name, "section": section, "because": because}
    return changes | {"added": [*changes.get("added", []), item]}


def move(changes: Changes, section: str, names: list[str], name: str, by: int) -> Changes:
    """Shift a clause among those of its section; at either end it stays."""
    place = names.index(name)
    to = min(max(place + by, 0), len(names) - 1)
    order = [one for one in names if one != name]
    order.insert(to, name)
    return changes | {"order": changes.get("order", {}) | {section: order}}


def _unadd(changes: Changes, name: str) -> Changes:
    return changes | {
        "added": [item for item in changes.get("added", []) if item["clause"] != name]
    }


def _without(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}
