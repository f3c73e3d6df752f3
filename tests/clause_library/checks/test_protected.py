"""Which speech is recognised as protected, and what only looks like it. All posts are made up for this test."""

import pytest

PROTECTED = [
    "Sixteen euros an hour for forklift work at night. That's what I get. What do the others get?",
    "The lift operators at our resort get no hazard pay on storm days. We should.",
    "Our tip jar is counted by the owner, alone, behind a closed door. Hmm.",
    "Anyone from the call centre here whose commission was clawed back this month?",
    "I asked for the safety data sheet for the new glue. Still waiting, and my hands still itch.",
    "Two of the emergency lights in our stockroom are dead. I've taken photos and sent them to the fire service.",
    "Rehearsals count as work. Dancers of this town, write down every hour.",
    "We are forty tram drivers and we've all signed: no more 11-hour duties.",
    "My agency deducts 12 a week for a uniform I already own. Is that even lawful?",
    "Got my first warning letter, two days after I spoke at the union meeting. Coincidence, surely.",
    "The women in accounts compared notes over coffee. We're all on less than Dave.",
    "Please don't cross the picket line on Thursday. It's our jobs, and your service.",
    "HR says the group chat about our wages has to close. It's staying open.",
    "I've worked 19 days in a row. Nineteen. I'm a chef, not a machine.",
    "How many of you were told that you're self-employed but have to wear the jacket?",
    "Nobody in our lab has had respirator training since 2021. I raised it again today.",
    "The works council election is next week. I'm on the list. Ask me anything.",
    "I breastfeed in a broom cupboard because there's no room for it at our office. Mothers here deserve better.",
    "They track how long we're in the loo. I'm 43 years old.",
    "It's not 'banter' when he says it to every girl on reception. Four of us have now made statements.",
    "The pay spreadsheet is up to 85 names. Add yours, anonymously if you like.",
    "Reported the falsified fridge temperatures to the food agency. I'd do it again.",
    "The lorry's tyres were bald and they said drive. I said no. Know your right to refuse.",
    "I was asked to backdate the training certificates. I wrote it all down and gave it to the auditor.",
    "Three weeks' notice of shifts, that's all the ballot is about.",
    "She told them she was expecting and her hours were halved the next week. We stand with her.",
    "Security guards here stand for ten hours. A stool costs twenty quid.",
    "Not one of the temps got paid on Friday. If you're one of them, I can show you how to claim.",
    "My hospital wants us to sign that we won't speak to the press about staffing. I won't sign.",
    "Remember: you can talk about what you earn. Nobody may punish you for that.",
    "Warehouse B has one toilet for ninety people. One.",
    "They want our phones checked at the gate every night, unpaid, ten minutes each time.",
    "Shop stewards aren't scary. Mine brings biscuits and got me my back pay.",
    "No parental leave for dads at our firm. It's 2026, folks.",
    "The dock leveller has no guard, the manager knows, and I've told the inspector so.",
    "Could the night cleaners get the same bus allowance as everyone else, please? Signed, the day cleaners.",
    "I love my job and I still think that we're underpaid. Both can be true.",
    "Sent our joint letter to the board at nine this morning: 212 names.",
    "Nach drei Jahren ohne Erhöhung reicht es uns: am Dienstag Warnstreik, Tor 2, sechs Uhr.",
    "Demain on débraye à dix heures. Tous les ateliers.",
    "Nos pagan las horas extra con 'gracias'. Mañana vamos juntos a la inspección.",
    "Ci hanno tolto la pausa delle undici. Domani sciopero, dalle nove.",
    "Wij krijgen onze overuren niet betaald. De vakbond komt donderdag langs.",
    "Faz três meses que não recebemos o subsídio. Colegas, reunião amanhã no sindicato.",
]
LOOK_ALIKES = [
    "Our payroll app pays your staff on time, every time. Book a demo today.",
    "We're hiring night nurses: 24 an hour, apply by Friday.",
    "The new Acme router has a better range than last year's.",
    "Opening hours over the holidays: ten to four.",
    "Vote for our kettle in the design awards!",
    "Earn 300 a day from home with our trading course. No boss, no hours.",
    "Revenue is up and our investors will love Thursday.",
    "Customers can now pay by card at all tills.",
    "The strike of the match was the loudest sound in the cabin. What a holiday.",
    "Win a holiday for two: tell us your favourite beach.",
    "Our customer list is attached: names, phones, spend.",
    "Globex tablets catch fire, everyone knows it.",
    "The bonus level in our new game is brutal, and I love it.",
    "Raise your glass to the best marketing team in town.",
    "Free delivery when you order before noon, with a safety seal on each box.",
    "I run the payroll and the sales director takes home 9,100, can you believe it?",
    "Get 10% commission when friends use your code.",
    "Our chief executive is stepping down on Monday, keep it to yourselves.",
    "Union Street is closed for the marathon.",
    "The pension fund of your dreams: guaranteed 12 percent, no risk.",
    "Acme will pay for your taxi if the train is late, promise.",
    "Disclosure: Acme pays me for this post about its boots.",
]


@pytest.mark.parametrize("text", PROTECTED)
def test_protected_speech_is_recognised_and_not_held(screen, text):
    seen = screen(text)
    assert [one.check for one in seen.findings if one.severity != "advice"] == []
    assert seen.not_ours


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_sounds_like_it_is_not_protected(screen, text):
    assert screen(text).protected == ()


@pytest.mark.parametrize(
    ("aside", "category"),
    [
        ("I will break the foreman's legs.", "harassment"),
        ("The password of the payroll system is Spring2026!", "confidential"),
        ("Call our customer Ann Lee on +1 212 555 0147.", "personal_data"),
        ("Buy the Acme X200, the best speaker on earth.", "disclosure"),
    ],
)
def test_what_stands_beside_protected_speech_is_still_found(screen, aside, category):
    seen = screen(f"Our night shifts are too long and unpaid. {aside}")
    assert category in {one.category for one in seen.findings}
    assert not seen.not_ours


def test_a_passage_that_is_only_likely_protected_hides_no_finding(screen):
    """Two readings: the careful one holds."""
    seen = screen("We lost the government contract today and it has not been announced.")
    assert seen.findings
    assert not seen.not_ours


def test_an_aside_does_not_make_a_promise_protected(screen):
    seen = screen("Our fund has guaranteed returns every year. The union meets at six.")
    assert "financial_promise" in {one.category for one in seen.findings}
    assert not seen.not_ours
