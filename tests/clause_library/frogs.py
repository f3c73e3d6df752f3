"""A check that the tests share: it looks for frogs, and a newt is none. WRONG gets its own example wrong."""

FROGS = {
    "name": "no-frogs",
    "kind": "tone",
    "category": "style",
    "severity": "advice",
    "message": "No frogs.",
    "params": {"phrases": ["frog"]},
    "examples": {"match": ["A frog."], "pass": ["A newt."]},
}
WRONG = FROGS | {"examples": {"match": ["A toad."], "pass": ["A newt."]}}
