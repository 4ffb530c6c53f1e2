/* SPDX-License-Identifier: MIT */
#include "contract/event.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "contract/collapse.h"
#include "format/sha256.h"
#include "format/time.h"
#include "format/ulid.h"

/* Each part of an identity stands behind its length: no two read alike. */
static void derive_id(char out[SK_EVENT_ID_SIZE], int64_t at_us,
		      const char *const *parts)
{
	unsigned char hash[SK_SHA256_LEN];
	struct sk_str text = SK_STR_INIT;

	for (; *parts; parts++) {
		size_t len = strlen(*parts);

		sk_str_add_int(&text, (int64_t)len, 1);
		sk_str_putc(&text, ':');
		sk_str_add(&text, *parts, len);
		sk_str_putc(&text, '\n');
	}
	sk_sha256(hash, text.ptr, text.len);
	sk_ulid_make(out, at_us / 1000, hash);
	sk_str_free(&text);
}

#define DERIVE(out, at_us, ...)                                                \
	derive_id((out), (at_us), (const char *const[]){__VA_ARGS__, NULL})

static void make_formers(struct sk_draft *out, size_t count)
{
	out->former_count = count;
	if (count)
		out->former_ids = sk_calloc(count, sizeof(*out->former_ids));
}

/* `parts` begins with the type and the project's uuid. */
static void derive_ids(struct sk_draft *out, int64_t at_us,
		       const struct sk_project_id *project, const char **parts)
{
	derive_id(out->event_id, at_us, parts);
	make_formers(out, project->former_count);
	for (size_t i = 0; i < project->former_count; i++) {
		parts[1] = project->formers[i];
		derive_id(out->former_ids[i], at_us, parts);
	}
}

#define DERIVE_ALL(out, at_us, project, type, ...)                             \
	derive_ids(                                                            \
		(out), (at_us), (project),                                     \
		(const char *[]){(type), (project)->uuid, __VA_ARGS__, NULL})

static const char *number(char buf[24], int64_t value)
{
	snprintf(buf, 24, "%lld", (long long)value);
	return buf;
}

void sk_draft_free(struct sk_draft *draft)
{
	free(draft->former_ids);
	free(draft->aggregate_id);
	free(draft->causation_id);
	sk_str_free(&draft->payload);
}

static void start(struct sk_draft *out, const char *type, int64_t at_us,
		  const char *mission, const char *wp_id)
{
	struct sk_str aggregate = SK_STR_INIT;

	sk_str_puts(&aggregate, mission);
	if (wp_id)
		sk_str_addf(&aggregate, "/%s", wp_id);
	*out = (struct sk_draft){.event_type = type,
				 .aggregate_id = sk_str_take(&aggregate),
				 .at_us = at_us,
				 .payload = SK_STR_INIT};
}

static void put_time(struct sk_jsonw *w, const char *key, int64_t us)
{
	struct sk_str text = SK_STR_INIT;

	sk_time_add(&text, us);
	sk_jsonw_text(w, key, text.ptr);
	sk_str_free(&text);
}

/*
 * The contract knows two modes. Logs say `worktree` or `direct_repo`, but also
 * the execution mode of the work package (which runs in a worktree when it is
 * a code change), `unknown` after a migration, or nothing.
 */
static const char *wire_mode(const char *mode)
{
	if (mode &&
	    (strcmp(mode, "worktree") == 0 || strcmp(mode, "code_change") == 0))
		return "WORKTREE";
	return "DIRECT_REPO";
}

static const char *lane_or_dash(enum sk_lane lane)
{
	return lane == SK_LANE_NONE ? "-" : sk_lane_name(lane);
}

void sk_draft_status_changed(struct sk_draft *out,
			     const struct sk_project_id *project,
			     const struct sk_transition *t)
{
	struct sk_jsonw w;
	char ms[24];

	start(out, "WPStatusChanged", t->at_us, t->mission, t->wp_id);
	if (t->event_id)
		snprintf(out->event_id, sizeof(out->event_id), "%s",
			 t->event_id);
	else
		DERIVE_ALL(out, t->at_us, project, "WPStatusChanged",
			   t->mission, t->wp_id, lane_or_dash(t->from),
			   lane_or_dash(t->to), number(ms, t->at_us / 1000));
	w = SK_JSONW(&out->payload);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "feature_slug", t->mission);
	sk_jsonw_text(&w, "wp_id", t->wp_id);
	sk_jsonw_text(&w, "from_lane", sk_wire_lane(t->from));
	sk_jsonw_text(&w, "to_lane", sk_wire_lane(t->to));
	sk_jsonw_text(&w, "actor", t->actor);
	sk_jsonw_bool(&w, "force", t->force);
	sk_jsonw_text(&w, "reason", t->reason);
	sk_jsonw_text(&w, "execution_mode", wire_mode(t->execution_mode));
	sk_jsonw_text(&w, "review_ref", t->review_ref);
	sk_jsonw_value(&w, "evidence", t->evidence);
	sk_jsonw_end_object(&w);
}

bool sk_transition_is_rollback(const struct sk_transition *t)
{
	return (t->from == SK_LANE_FOR_REVIEW ||
		t->from == SK_LANE_IN_REVIEW) &&
	       t->to == SK_LANE_IN_PROGRESS;
}

void sk_draft_rollback(struct sk_draft *out, const struct sk_transition *t,
		       const struct sk_draft *cause)
{
	struct sk_jsonw w;

	start(out, "ReviewRollback", t->at_us, t->mission, t->wp_id);
	out->causation_id = sk_strdup(cause->event_id);
	DERIVE(out->event_id, t->at_us, "ReviewRollback", cause->event_id);
	make_formers(out, cause->former_count);
	for (size_t i = 0; i < cause->former_count; i++)
		DERIVE(out->former_ids[i], t->at_us, "ReviewRollback",
		       cause->former_ids[i]);
	w = SK_JSONW(&out->payload);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "feature_slug", t->mission);
	sk_jsonw_text(&w, "wp_id", t->wp_id);
	sk_jsonw_text(&w, "rolled_back_from", sk_wire_lane(t->from));
	sk_jsonw_text(&w, "rolled_back_to", sk_wire_lane(t->to));
	sk_jsonw_text(&w, "reason", t->reason);
	sk_jsonw_end_object(&w);
}

void sk_draft_mission_started(struct sk_draft *out,
			      const struct sk_project_id *project,
			      const struct sk_mission_fact *fact)
{
	struct sk_jsonw w;

	start(out, "MissionStarted", fact->at_us, fact->mission, NULL);
	DERIVE_ALL(out, fact->created_us, project, "MissionStarted",
		   fact->mission);
	w = SK_JSONW(&out->payload);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "feature_slug", fact->mission);
	sk_jsonw_text(&w, "mission_key", fact->mission_key);
	sk_jsonw_text(&w, "started_by", fact->actor);
	sk_jsonw_end_object(&w);
}

void sk_draft_phase_entered(struct sk_draft *out,
			    const struct sk_project_id *project,
			    const struct sk_mission_fact *fact,
			    const char *phase)
{
	struct sk_jsonw w;

	start(out, "PhaseEntered", fact->at_us, fact->mission, NULL);
	DERIVE_ALL(out, fact->created_us, project, "PhaseEntered",
		   fact->mission, phase);
	w = SK_JSONW(&out->payload);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "feature_slug", fact->mission);
	sk_jsonw_text(&w, "phase", phase);
	put_time(&w, "entered_at", fact->at_us);
	sk_jsonw_end_object(&w);
}

void sk_draft_mission_completed(struct sk_draft *out,
				const struct sk_project_id *project,
				const struct sk_mission_fact *fact,
				int64_t wp_count, int64_t done_count)
{
	struct sk_jsonw w;
	char ms[24];

	start(out, "MissionCompleted", fact->at_us, fact->mission, NULL);
	DERIVE_ALL(out, fact->at_us, project, "MissionCompleted", fact->mission,
		   number(ms, fact->at_us / 1000));
	w = SK_JSONW(&out->payload);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "feature_slug", fact->mission);
	sk_jsonw_text(&w, "mission_key", fact->mission_key);
	put_time(&w, "completed_at", fact->at_us);
	sk_jsonw_int(&w, "wp_count", wp_count);
	sk_jsonw_int(&w, "done_count", done_count);
	sk_jsonw_end_object(&w);
}

void sk_envelope_add(struct sk_str *out, const struct sk_draft *draft,
		     const struct sk_project_id *project, const char *node_id,
		     int64_t lamport_clock)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "event_id", draft->event_id);
	sk_jsonw_text(&w, "event_type", draft->event_type);
	sk_jsonw_text(&w, "aggregate_id", draft->aggregate_id);
	sk_jsonw_raw(&w, "payload", draft->payload.ptr, draft->payload.len);
	put_time(&w, "timestamp", draft->at_us);
	sk_jsonw_text(&w, "node_id", node_id);
	sk_jsonw_int(&w, "lamport_clock", lamport_clock);
	sk_jsonw_text(&w, "causation_id", draft->causation_id);
	sk_jsonw_text(&w, "project_uuid", project->uuid);
	sk_jsonw_text(&w, "project_slug", project->slug);
	sk_jsonw_text(&w, "correlation_id",
		      draft->causation_id ? draft->causation_id
					  : draft->event_id);
	sk_jsonw_text(&w, "schema_version", SK_CONTRACT_VERSION);
	sk_jsonw_int(&w, "data_tier", 0);
	sk_jsonw_end_object(&w);
}
