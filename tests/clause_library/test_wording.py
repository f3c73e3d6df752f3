"""A clause's template can show answers and choose between words; it can do nothing else."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library import prose
from clause_library.errors import WordingError
from clause_library.text import check_text
from clause_library.wording import (
    blanks_in,
    check_condition,
    check_wording,
    judge,
    needed_for,
    render_markdown,
    render_text,
    to_html,
    to_text,
)
from tests.counting import within_calls

SHARED = Path(__file__).parents[3] / "shared" / "corpus" / "hostile_dev.tsv"
BLANKS = ["company_name", "contractors", "brands"]

# What would reach code, files, memory or a way round the escaping, and what the refusal names.
HOSTILE = {
    "class by filter": ("{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}", "The filter “attr”"),
    "class by index": ("{{ company_name['__class__'] }}", "An index in square brackets"),
    "globals by format": ("{{ '{0.__class__}'.format(company_name) }}", "A call"),
    "dot": ("{{ company_name.upper }}", "A dot after a name"),
    "percent sign": ("{{ '%s' % company_name }}", "“mod”"),
    "map": ("{{ brands|map('attr', '__class__') }}", "The filter “map”"),
    "join by attribute": ("{{ brands|join(',', '__class__') }}", "The filter “join”"),
    "join by named attribute": ("{{ brands|join(attribute='x') }}", "The filter “join”"),
    "spread arguments": ("{{ brands|join(*brands) }}", "The filter “join”"),
    "set": ("{% set x = 1 %}", "“set”"),
    "set block": ("{% set x %}a{% endset %}", "“set”"),
    "macro": ("{% macro m() %}{% endmacro %}", "“macro”"),
    "call block": ("{% call x() %}{% endcall %}", "“callblock”"),
    "filter block": ("{% filter upper %}a{% endfilter %}", "“filterblock”"),
    "with": ("{% with x = 1 %}{% endwith %}", "“with”"),
    "block": ("{% block a %}{% endblock %}", "“block”"),
    "include": ("{% include '/etc/passwd' %}", "“include”"),
    "import": ("{% import 'os' as os %}", "“import”"),
    "from": ("{% from 'os' import path %}", "“from … import”"),
    "extends": ("{% extends 'x{bad}.html' %}", "“extends”"),
    "loop in a loop": (
        "{% for a in brands %}{% for b in brands %}x{% endfor %}{% endfor %}",
        "A for",
    ),
    "recursive loop": ("{% for a in brands recursive %}{{ loop(a) }}{% endfor %}", "A for"),
    "filtered loop": ("{% for a in brands if a %}x{% endfor %}", "A for"),
    "loop over a range": ("{% for i in range(100001) %}x{% endfor %}", "A for"),
    "loop over a constant": ("{% for i in [1, 2] %}x{% endfor %}", "A for"),
    "loop with two names": ("{% for a, b in brands %}x{% endfor %}", "A for"),
    "loop over itself": ("{% for brands in brands %}x{% endfor %}", "A for"),
    "the loop's own object": ("{% for a in brands %}{{ loop }}{% endfor %}", "“loop”"),
    "self": ("{{ self }}", "“self”"),
    "power": ("{{ 10**5000 }}", "“pow”"),
    "product": ("{{ 'a' * 1000000000 }}", "“mul”"),
    "chain": ("{{ 'a' ~ 'b' }}", "“concat”"),
    "test": ("{% if company_name is defined %}x{% endif %}", "“test”"),
    "wide": ("{{ 'a'|center(2000000000) }}", "The filter “center”"),
    "indent": ("{{ company_name|indent(100000) }}", "The filter “indent”"),
    "safe": ("{{ '<b>'|safe }}", "The filter “safe”"),
    "autoescape": ("{% autoescape false %}x{% endautoescape %}", "“autoescape”"),
    "mapping": ("{{ {'a': 1}|xmlattr }}", "The filter “xmlattr”"),
    "tuple": ("{{ 1, 2 }}", "“tuple”"),
    "list of names": ("{% if company_name in [brands] %}x{% endif %}", "A list"),
    "fraction": ("{{ 1e400 }}", "“inf”"),
    "if inside a blank": ("{{ 'a' if contractors else 'b' }}", "An if inside a blank"),
    "open blank": ("{{ company_name ", "The template"),
    "open if": ("{% if contractors %}x", "The template"),
    "unknown tag": ("{% load os %}", "The template"),
    "brackets": ("{{ " + "(" * 33 + "1" + ")" * 33 + " }}", "A bracket"),
    "many brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "A tag"),
    "many brackets after a string": ("{{ '}}' ~ " + "(" * 3000 + ")" * 3000 + "}}", "The template"),
    "many negations": ("{% if " + "not " * 10_000 + "contractors %}x{% endif %}", "A tag"),
    "deep filters": ("{{ company_name" + "|lower" * 70 + " }}", "The template"),
    "sum": ("{{ 1+1 }}", "“add”"),
    "long sum": ("{{ " + "1+" * 20_000 + "1 }}", "A tag"),
    "long or": ("{% if " + "contractors or " * 99 + "contractors %}x{% endif %}", "A tag"),
    "long number": ("{{ " + "9" * 5000 + " }}", "A tag"),
    "deep ifs": ("{% if contractors %}" * 150 + "{% endif %}" * 150, "The template"),
    "many blocks": ("{% if contractors %}x{% endif %}" * 201, "The text"),
    "many blanks": ("{{contractors}} " * 4000, "The template"),
    "large": ("x" * (64 * 1024 + 1), "The text"),
}


@pytest.mark.parametrize(("body", "construct"), HOSTILE.values(), ids=HOSTILE)
def test_j01_j02_j04_a_hostile_template_is_refused_at_once(body, construct):
    problems = within_calls(2_000_000, check_wording, "First line.\n" + body, BLANKS)
    assert problems[0].construct == construct
    assert problems[0].line == (
        2 if construct not in {"The template", "The text"} else problems[0].line
    )
    assert not any(problem.construct.startswith("<") for problem in problems)


@pytest.mark.parametrize(("body", "construct"), HOSTILE.values(), ids=HOSTILE)
def test_j03_i09_the_same_template_is_refused_when_it_is_rendered(body, construct):
    with pytest.raises(WordingError, match=construct):
        render_markdown(body, {"company_name": "Acme", "contractors": True, "brands": ["A"]})


def test_j05_a_misspelt_blank_is_named_with_the_known_ones():
    (problem,) = check_wording("Hello\n{{ company_nam }}", BLANKS)
    assert str(problem) == (
        "Line 2: “company_nam” is no known blank. Did you mean “company_name”? "
        "Known blanks: brands, company_name, contractors."
    )


def test_an_answer_that_is_missing_never_leaves_a_gap():
    with pytest.raises(WordingError, match=r"Line 2: .*'company_name' is undefined"):
        render_markdown("Hello\n{{ company_name }}", {})


def test_j07_plain_templates_are_taken_and_rendered():
    body = (
        "We at {{ company_name }} expect {% if contractors %}staff and contractors{% else %}staff"
        "{% endif %} to disclose."
    )
    assert check_wording(body, BLANKS) == []
    assert (
        render_text(body, {"company_name": "Acme", "contractors": True})
        == "We at Acme expect staff and contractors to disclose."
    )


@pytest.mark.parametrize("text", ["Use the tag #ad { not a template } and 50% off", "}} %} #}", ""])
def test_text_that_only_looks_like_a_template_is_unchanged(text):
    assert check_wording(text, []) == []
    assert render_markdown(text, {}) == text


def test_block_tags_on_lines_of_their_own_leave_no_gap_in_a_list():
    body = "- a\n{% if contractors %}\n- b\n{% endif %}\n{% for x in brands %}\n- {{ x }}\n{% endfor %}"
    assert render_text(body, {"contractors": True, "brands": ["c", "d"]}) == "- a\n- b\n- c\n- d"
    assert render_text(body, {"contractors": False, "brands": []}) == "- a"


def test_a_tag_at_the_end_of_a_line_keeps_the_line_end():
    assert (
        render_text("to {% if contractors %}you{% endif %}\nnow", {"contractors": True})
        == "to you\nnow"
    )


def test_lists_numbers_and_yes_and_no_read_as_words():
    answers = {"brands": ["A", "B", "C"], "contractors": False, "days": 5}
    body = (
        "{{ brands }}; {{ brands|join('/') }}; {{ brands|length }}; {{ contractors }}; {{ days }}"
    )
    assert render_text(body, answers) == "A, B and C; A/B/C; 3; no; 5"


@pytest.mark.parametrize(
    ("body", "answers", "says"),
    [
        ("{{ x|upper }}", {"x": ["a"]}, "takes a text"),
        ("{{ x|join }}", {"x": "a"}, "takes a list"),
        ("{% for a in x %}{{ a }}{% endfor %}", {"x": "abc"}, "must be a list"),
        ("{{ x }}", {"x": ["a"] * 201}, "more than 200 items"),
        ("{{ x }}", {"x": {"a": 1}}, "must be a text"),
        ("{{ x }}", {"x": [1]}, "list of texts"),
        ("{{ x }}", {"x": "a" * 5_000_000}, "longer than 1 MiB"),
        ("{% if x < 3 %}a{% endif %}", {"x": "a"}, "not supported"),
        ("{% for a in x %}" + "a" * 60_000 + "{% endfor %}", {"x": ["a"] * 200}, "past 1 MiB"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_in_words(body, answers, says):
    with pytest.raises(WordingError, match=says):
        render_markdown(body, answers)


def test_blanks_are_named_in_order_and_a_loop_s_own_name_is_none():
    body = "{{ b }}{% if a %}{% for x in items %}{{ x }}{{ c }}{% endfor %}{% endif %}{{ b }}"
    assert blanks_in(body) == ["b", "a", "items", "c"]


@pytest.mark.parametrize(
    ("answers", "needed"),
    [
        ({}, ["x", "a"]),
        ({"a": True}, ["x", "a", "y"]),
        ({"a": False}, ["x", "a", "b"]),
        ({"a": False, "b": True}, ["x", "a", "b", "z"]),
        ({"a": False, "b": False}, ["x", "a", "b", "items", "c"]),
    ],
)
def test_only_the_branch_that_is_taken_asks_for_answers(answers, needed):
    body = (
        "{{ x }}{% if a %}{{ y }}{% elif b %}{{ z }}{% else %}"
        "{% for i in items %}{{ i }}{{ c }}{% endfor %}{% endif %}"
    )
    assert needed_for(body, answers) == needed


@pytest.mark.parametrize(
    ("expression", "answers", "holds", "asked"),
    [
        ("a", {}, None, ["a"]),
        ("not a", {"a": True}, False, ["a"]),
        ("a and b", {"a": False}, False, ["a"]),
        ("a and b", {"a": True}, None, ["a", "b"]),
        ("a or b", {"a": True}, True, ["a"]),
        ('kind == "x"', {"kind": "x"}, True, ["kind"]),
        ('kind in ["x", "y"] and (not a or b)', {"kind": "y", "a": False}, True, ["kind", "a"]),
        ("brands|length > 1", {"brands": ["A"]}, False, ["brands"]),
    ],
)
def test_a_condition_says_whether_it_holds_and_what_it_asked(expression, answers, holds, asked):
    assert judge(expression, answers) == (holds, asked)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "a b",
        "f(a)",
        "a.b",
        "a %}{% set x = 1 %}{% if a",
        "a\nand b",
        "a or " * 200 + "a",
        "lipsum",
    ],
)
def test_a_condition_is_held_to_the_same_bounds(expression):
    assert check_condition(expression, ["a", "b", "f"])


@st.composite
def expressions(draw, depth=3) -> str:
    simple = ["a", "b", "c == 'x'", "c != 'x'", "c in ['x', 'y']", "c not in ['x']", "d|length > 1"]
    simple += ["c|upper == 'X'", "1 < d|length <= 2", "true", "'x' in d"]
    if depth == 0:
        return draw(st.sampled_from(simple))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    joined = [f"not ({left})", f"({left}) and ({right})", f"({left}) or ({right})"]
    return draw(st.sampled_from([left, *joined]))


@given(expressions(), st.booleans(), st.booleans(), st.sampled_from("xyz"), st.lists(st.just("x")))
def test_a_condition_holds_exactly_where_the_template_would_say_so(expression, a, b, c, d):
    answers = {"a": a, "b": b, "c": c, "d": d}
    shown = render_text(f"{{% if {expression} %}}yes{{% else %}}no{{% endif %}}", answers)
    assert judge(expression, answers)[0] is (shown == "yes")


PIECES = """{{ }} {% %} {# #} a b if endif else lower join ( ) [ ] ' " , . == in not 1 - + \\
 {%if(a)%} {%endif%} {{a}} {%for\tx\tin\tb%}{{x}}{%endfor%} {%else%}""".split(" ")


@given(st.lists(st.sampled_from([*PIECES, " ", "\n", "|"]), max_size=25).map("".join))
def test_what_is_refused_never_renders(body):
    refused = check_wording(body, ["a", "b"])
    try:
        render_markdown(body, {"a": "v*", "b": ["x", "y"]})
    except WordingError:
        return
    assert refused == []


# Markdown

MARKUP = """*~_~**~`~[~]~(~)~<~>~!~#~- ~1. ~    ~> ~&~&amp;~&#0;~&#x110000;~http://a~mailto:~:~=~---
~<a href='javascript:x'>~[x](javascript:a)~<!--~-->~<script>~<?~<![CDATA[~[a]: b~![~{: #x }~a~b """


@given(
    st.lists(st.sampled_from([*MARKUP.split("~"), "\n\n", "\\", "\t"]), max_size=30).map("".join)
)
def test_p07_any_markdown_gives_only_what_is_allowed(markdown):
    link = re.compile(r'a href="(?:https?://|mailto:|#)[^"<>]*"')
    plain = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr", "h4", "h5", "h6", "a"}
    for tag in tags(to_html(markdown)):
        assert tag.strip("/") in plain or link.fullmatch(tag)


PLACES = [
    "{{ x }}",
    "a {{ x }} b",
    "- {{ x }}",
    "1. {{ x }}",
    "# {{ x }}",
    "> {{ x }}",
    "Title\n{{ x }}",
    "**{{ x }}**",
    "_{{ x }}_ `{{ x }}`",
    "[{{ x }}](https://example.com)",
    '[a](https://example.com "{{ x }}")',
    "[{{ x }}]: https://example.com",
    "{{ x }}{{ x }}",
    "{{ x|upper }}",
]
signs = st.text("ab1 \t\n\\`*_{}[]()#+-.!<>&\"'=~|:/@;")
answers = st.one_of(signs, st.text()).filter(lambda text: not check_text(text, longest=1000))


def tags(html: str) -> list[str]:
    return [part.split(">")[0] for part in html.split("<")[1:]]


@pytest.mark.parametrize("place", PLACES)
@given(value=answers)
def test_i09_an_answer_never_becomes_markup(place, value):
    harmless = to_html(render_markdown(place, {"x": "word"}))
    if prose.GAPS.sub(" ", value).strip():
        assert tags(to_html(render_markdown(place, {"x": value}))) == tags(harmless)


@given(value=answers)
def test_i09_an_answer_is_shown_character_by_character(value):
    shown = to_text(render_markdown("|{{ x }}|", {"x": value}))
    assert shown == f"|{prose.GAPS.sub(' ', value).strip()}|"


def test_j06_a_template_inside_an_answer_is_printed_literally():
    assert (
        to_html(render_markdown("{{ x }}", {"x": "{{ 7*7 }} {% if %}"}))
        == "<p>{{ 7*7 }} {% if %}</p>"
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//evil.example)",
        "[x](/relative)",
        "[x]\n\n[x]: vbscript:msgbox(1)",
        "<javascript:alert(1)>",
        '<a href="https://evil.example" target=_blank>x</a>',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "![x](https://evil.example/track.png)",
        "![x][1]\n\n[1]: https://evil.example/track.png",
        "# <img src=x onerror=alert(1)>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<p style='position:fixed'>x</p>",
        "`<b>`\n\n    <b>",
        "x\n{: onclick=alert(1) class=y #id }",
    ],
)
def test_p07_markdown_lets_nothing_active_through(markdown):
    allowed = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr", "h4", "h5", "h6"}
    names = {tag.strip("/") for tag in tags(to_html(markdown))}
    assert names <= allowed | {"a"} | {tag for tag in names if tag.startswith('a href="https://')}
    assert not any("<" in tag for tag in names)


DOS = {
    "brackets": "[" * 50_000,
    "links": "[a](" * 5_000,
    "stars": "*a " * 40_000,
    "entities": "&#1;" * 30_000,
    "backslashes": "\\" * 120_000,
    "quotes": "> " * 50_000,
    "lists": "\n".join(" " * 4 * depth + "- a" for depth in range(200)),
    "paragraphs": "a\n\n" * 33_000,
    "ten levels again and again": "\n".join(" " * 4 * (n % 11) + "- a" for n in range(5_000)),
    "five megabytes": "a" * 5_000_000,
}


@pytest.mark.parametrize("markdown", DOS.values(), ids=DOS)
def test_p08_markdown_is_rendered_or_refused_in_bounded_work(markdown):
    with suppress(WordingError):
        within_calls(20_000_000, to_html, markdown)


def test_html_and_text_of_an_ordinary_clause():
    markdown = (
        "## Note\nSay **who** you [are](https://example.com/a_b):\n\n- one\n    - two\n\n1. a\n2. b"
    )
    assert to_html(markdown) == (
        '<h5>Note</h5>\n<p>Say <strong>who</strong> you <a href="https://example.com/a_b">are</a>:</p>\n'
        "<ul>\n<li>one<ul>\n<li>two</li>\n</ul>\n</li>\n</ul>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>"
    )
    assert to_text(markdown) == (
        "Note\n\nSay who you are (https://example.com/a_b):\n\n- one\n  - two\n\n1. a\n2. b"
    )


@pytest.mark.skipif(not SHARED.exists(), reason=f"left out: {SHARED.name} is not there")
def test_the_shared_corpus_behaves_as_it_says():
    for line in SHARED.read_text(encoding="utf-8").splitlines()[1:]:
        kind, payload, expected = line.split("\t")
        if kind.startswith("jinja."):
            source = grown(json.loads(payload))
            assert bool(check_wording(source, BLANKS)) != expected.startswith("accepted"), line[
                :200
            ]
        elif kind == "markdown.xss":
            assert "<a href" not in (html := to_html(json.loads(payload))), html
            assert "<img" not in html
            assert "<script" not in html


def grown(payload) -> str:
    """The corpus writes its long texts as recipes."""
    if isinstance(payload, str):
        return payload
    if payload["gen"] == "repeat":
        return payload["unit"] * payload["n"]
    return "".join(
        part if isinstance(part, str) else part["repeat"] * part["n"] for part in payload["parts"]
    )
