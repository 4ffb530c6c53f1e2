/* SPDX-License-Identifier: MIT */
/* Events of contract 1.0.0: payloads, envelope, ids that never change. */
#include "contract/event.h"
#include "format/ulid.h"
#include "tests/unit/tap.h"

static const struct sk_project_id project = {
	.uuid = "8a4a7da6-a97c-4bb4-893a-b31664abfee4", .slug = "demo"};

static struct sk_transition transition(void)
{
	return (struct sk_transition){
		.mission = "m-1",
		.wp_id = "WP01",
		.from = SK_LANE_FOR_REVIEW,
		.to = SK_LANE_IN_PROGRESS,
		.at_us = INT64_C(1777629600123456),
		.actor = "Zo\xc3\xab",
		.execution_mode = "code_change",
	};
}

static void envelope(void)
{
	struct sk_transition t = transition();
	struct sk_str text = SK_STR_INIT;
	struct sk_draft draft;

	t.event_id = "01KE0000000000000000000001";
	sk_draft_status_changed(&draft, &project, &t);
	sk_envelope_add(&text, &draft, &project, "73a0c7874ba6", 7);
	is(text.ptr,
	   "{\"event_id\": \"01KE0000000000000000000001\", \"event_type\":"
	   " \"WPStatusChanged\", \"aggregate_id\": \"m-1/WP01\", \"payload\":"
	   " {\"feature_slug\": \"m-1\", \"wp_id\": \"WP01\", \"from_lane\":"
	   " \"for_review\", \"to_lane\": \"doing\", \"actor\": \"Zo\\u00eb\","
	   " \"force\": false, \"reason\": null, \"execution_mode\":"
	   " \"WORKTREE\", \"review_ref\": null, \"evidence\": null},"
	   " \"timestamp\": \"2026-05-01T10:00:00.123456+00:00\", \"node_id\":"
	   " \"73a0c7874ba6\", \"lamport_clock\": 7, \"causation_id\": null,"
	   " \"project_uuid\": \"8a4a7da6-a97c-4bb4-893a-b31664abfee4\","
	   " \"project_slug\": \"demo\", \"correlation_id\":"
	   " \"01KE0000000000000000000001\", \"schema_version\": \"1.0.0\","
	   " \"data_tier\": 0}",
	   "envelope: every field, in the contract's order");
	sk_draft_free(&draft);
	sk_str_free(&text);
}

/* The id of a transition with one thing changed; static, one at a time. */
static void id_of(char id[SK_EVENT_ID_SIZE], const struct sk_transition *t,
		  const struct sk_project_id *p)
{
	struct sk_draft draft;

	sk_draft_status_changed(&draft, p, t);
	memcpy(id, draft.event_id, SK_EVENT_ID_SIZE);
	sk_draft_free(&draft);
}

static void ids(void)
{
	const struct sk_project_id other = {
		.uuid = "00000000-0000-4000-8000-000000000000", .slug = "demo"};
	struct sk_transition t = transition();
	char id[SK_EVENT_ID_SIZE], again[SK_EVENT_ID_SIZE];

	id_of(id, &t, &project);
	/* the value is fixed for ever: servers have it */
	is(id, "01KQHFP6BVT6YR4GMG2H0QC6GA",
	   "id: of a derived transition, for ever");
	t.actor = "somebody else";
	t.reason = "another";
	id_of(again, &t, &project);
	ok(strcmp(id, again) == 0, "id: who and why are no part of it");
	id_of(again, &t, &other);
	ok(strcmp(id, again) != 0, "id: the project is a part of it");
	t.wp_id = "WP02";
	id_of(again, &t, &project);
	ok(strcmp(id, again) != 0, "id: the work package is a part of it");
	t = transition();
	t.at_us += 1000000;
	id_of(again, &t, &project);
	ok(strcmp(id, again) != 0, "id: the time is a part of it");
	t = transition();
	t.mission = "m-1W";
	t.wp_id = "P01";
	id_of(id, &t, &project);
	t.mission = "m-1";
	t.wp_id = "WP01";
	id_of(again, &t, &project);
	ok(strcmp(id, again) != 0, "id: parts don't run into one another");
}

static void milestones(void)
{
	struct sk_mission_fact fact = {.mission = "m-1",
				       .mission_key = "software-dev",
				       .actor = "Ann",
				       .created_us = INT64_C(1777629600000000),
				       .at_us = INT64_C(1777629700000000)};
	struct sk_draft a, b;

	sk_draft_phase_entered(&a, &project, &fact, "plan");
	fact.at_us += 5000000;
	sk_draft_phase_entered(&b, &project, &fact, "plan");
	ok(strcmp(a.event_id, b.event_id) == 0,
	   "phase: a squash merge makes the same id again");
	is(a.payload.ptr,
	   "{\"feature_slug\": \"m-1\", \"phase\": \"plan\", \"entered_at\":"
	   " \"2026-05-01T10:01:40+00:00\"}",
	   "phase: its payload");
	ok(sk_ulid_is_valid(a.event_id), "phase: its id is a ULID");
	sk_draft_free(&a);
	sk_draft_free(&b);
	sk_draft_mission_completed(&a, &project, &fact, 3, 2);
	is(a.payload.ptr,
	   "{\"feature_slug\": \"m-1\", \"mission_key\": \"software-dev\","
	   " \"completed_at\": \"2026-05-01T10:01:45+00:00\", \"wp_count\": 3,"
	   " \"done_count\": 2}",
	   "completed: its payload");
	sk_draft_free(&a);
	sk_draft_mission_started(&a, &project, &fact);
	is(a.payload.ptr,
	   "{\"feature_slug\": \"m-1\", \"mission_key\": \"software-dev\","
	   " \"started_by\": \"Ann\"}",
	   "started: its payload");
	sk_draft_free(&a);
}

static void rollback(void)
{
	struct sk_transition t = transition();
	struct sk_draft draft,
		cause = {.event_id = "01KE0000000000000000000001"};

	ok(sk_transition_is_rollback(&t), "rollback: for_review back to work");
	sk_draft_rollback(&draft, &t, &cause);
	is(draft.payload.ptr,
	   "{\"feature_slug\": \"m-1\", \"wp_id\": \"WP01\","
	   " \"rolled_back_from\": \"for_review\", \"rolled_back_to\":"
	   " \"doing\", \"reason\": null}",
	   "rollback: its payload");
	is(draft.causation_id, "01KE0000000000000000000001",
	   "rollback: caused by the transition");
	sk_draft_free(&draft);
	t.to = SK_LANE_DONE;
	ok(!sk_transition_is_rollback(&t), "rollback: not what goes on");
}

/* Drafts of everything that happens, each with its id. */
static void draft_all(struct sk_draft all[5], const struct sk_project_id *p)
{
	struct sk_transition t = transition();
	struct sk_mission_fact fact = {.mission = "m-1",
				       .mission_key = "software-dev",
				       .actor = "Ann",
				       .created_us = INT64_C(1777629600000000),
				       .at_us = INT64_C(1777629700000000)};

	sk_draft_status_changed(&all[0], p, &t);
	sk_draft_rollback(&all[1], &t, &all[0]);
	sk_draft_mission_started(&all[2], p, &fact);
	sk_draft_phase_entered(&all[3], p, &fact, "plan");
	sk_draft_mission_completed(&all[4], p, &fact, 3, 2);
}

static void formers(void)
{
	static const char *const uuids[] = {
		"00000000-0000-4000-8000-000000000000",
		"8a4a7da6-a97c-4bb4-893a-b31664abfee4"};
	const struct sk_project_id now = {
		.uuid = "11111111-1111-4111-8111-111111111111",
		.slug = "demo",
		.formers = uuids,
		.former_count = 2};
	struct sk_draft all[5], old[5];
	struct sk_transition t = transition();

	draft_all(old, &project);
	draft_all(all, &now);
	for (size_t i = 0; i < 5; i++) {
		const char *type = all[i].event_type;

		ok(old[i].former_count == 0, "formers: none, %s", type);
		ok(all[i].former_count == 2, "formers: both, %s", type);
		is(all[i].former_ids[1], old[i].event_id, type);
		ok(strcmp(all[i].event_id, old[i].event_id) != 0 &&
			   strcmp(all[i].former_ids[0], old[i].event_id) != 0,
		   "formers: each its own, %s", type);
		sk_draft_free(&all[i]);
		sk_draft_free(&old[i]);
	}
	t.event_id = "01KE0000000000000000000001";
	sk_draft_status_changed(&all[0], &now, &t);
	sk_draft_rollback(&all[1], &t, &all[0]);
	ok(all[0].former_count == 0 && all[1].former_count == 0,
	   "formers: the id of a line never was another");
	sk_draft_free(&all[0]);
	sk_draft_free(&all[1]);
}

int main(void)
{
	formers();
	envelope();
	ids();
	milestones();
	rollback();
	return done_testing();
}
