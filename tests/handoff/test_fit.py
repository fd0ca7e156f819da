"""Plans, without a database: whoever waits gets the best who fits, in the stated order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.fit import CHAT, Load, Present, fits, plan, sort_at, with_room
from bot.handoff.reasons import urgency_of
from bot.handoff.ticket import Ticket
from tests.handoff.world import ROUTES

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=timezone.utc)


def ticket(number: int, reason: str, waited: timedelta, language: str, reach: int) -> Ticket:
    route, at = ROUTES.route(reason, "general", "standard"), NOW - waited
    urgency = urgency_of(reason, (), "standard")
    return Ticket(
        id=f"T{number:02}", conversation_id=f"c{number}", customer_id=None, reason=reason,
        line="general", skill_group=route.group, tier=route.tier, reach=max(reach, route.tier),
        priority=urgency.priority, urgent=urgency.urgent, why=urgency.why, signals=(),
        language=language, customer_tier="standard", summary="", slots={}, tried=(), due_at=None,
        state="waiting", agent=None, last_agent=None, declined={}, assistant_stays=False,
        created_at=at, updated_at=at, life_at=at, queued_at=at,
        sort_at=sort_at(at, urgency.priority, ROUTES.policy),
    )  # fmt: skip


TICKETS = st.lists(
    st.tuples(
        st.sampled_from(["request_human", "dispute", "threat", "self_harm"]),
        st.integers(0, 1_200).map(lambda seconds: timedelta(seconds=seconds)),
        st.sampled_from(["zh", "en"]),
        st.integers(1, 3),
    ),
    max_size=8,
).map(
    lambda each: sorted(
        (ticket(number, *values) for number, values in enumerate(each)),
        key=lambda t: (not t.urgent, t.sort_at, t.id),
    )
)
AGENTS = st.fixed_dictionaries(
    {}, optional={agent: st.integers(0, 2) for agent in ROUTES.agents}
).map(
    lambda chats: [
        Present(agent, ROUTES.agents[agent], Load(count, count * CHAT), None)
        for agent, count in chats.items()
    ]
)


@given(TICKETS, AGENTS)
def test_a_plan_leaves_nobody_beside_a_free_agent_and_passes_no_cap(
    waiting: list[Ticket], ready: list[Present]
) -> None:
    pairs = dict(plan(waiting, with_room(ready), ROUTES, NOW))
    assert set(pairs) <= {each.id for each in waiting}
    loads = {each.id: each.load for each in ready}
    for agent in pairs.values():
        loads[agent] = loads[agent].and_one()
        assert loads[agent].fits(ROUTES.agents[agent])
    for place, each in enumerate(waiting):
        for agent, load in loads.items():
            if not fits(each, agent, ROUTES.agents[agent], ROUTES, NOW):
                assert pairs.get(each.id) != agent
            elif each.id not in pairs:
                assert not load.and_one().fits(ROUTES.agents[agent])
                # Nobody behind in the queue got whom this one could have had.
                assert agent not in [pairs.get(behind.id) for behind in waiting[place + 1 :]]


@given(TICKETS, AGENTS)
def test_waiting_longer_never_makes_fewer_fit(waiting: list[Ticket], ready: list[Present]) -> None:
    for each in waiting:
        longer = replace(each, queued_at=each.queued_at - timedelta(minutes=1))
        for agent in ready:
            if fits(each, agent.id, agent.person, ROUTES, NOW):
                assert fits(longer, agent.id, agent.person, ROUTES, NOW)


def test_the_last_agent_goes_before_a_freer_one_and_who_rested_longest_before_others() -> None:
    asked = ticket(1, "request_human", timedelta(0), "zh", 1)
    ann = Present("ann", ROUTES.agents["ann"], Load(1, CHAT), NOW)
    bob = Present("bob", ROUTES.agents["bob"], Load(), NOW - timedelta(minutes=1))
    assert dict(plan([asked], with_room([ann, bob]), ROUTES, NOW)) == {"T01": "bob"}
    known = replace(asked, last_agent="ann")
    assert dict(plan([known], with_room([ann, bob]), ROUTES, NOW)) == {"T01": "ann"}
    rested = replace(ann, load=Load(), assigned_at=NOW - timedelta(minutes=2))
    assert dict(plan([asked], with_room([rested, bob]), ROUTES, NOW)) == {"T01": "ann"}
