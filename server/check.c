/* SPDX-License-Identifier: MIT */
#include "server/check.h"

#include <string.h>

#include "format/time.h"
#include "format/ulid.h"

/* How much of a value from outside is repeated in a rejection. */
#define MAX_SHOWN 80

const char *const sk_check_contracts[] = {"1.0.0", "3.0.0", NULL};

enum kind {
	IS_ID,
	IS_TEXT, /* not empty */
	IS_ANY_TEXT,
	IS_TIME,
	IS_COUNT,
	IS_TIER,
	IS_BOOL,
	IS_OBJECT,
	IS_ACTOR,
	IS_LANE,
	IS_CONTRACT,
};

static const char *const expected[] = {
	[IS_ID] = "a ULID or UUID",
	[IS_TEXT] = "text that is not empty",
	[IS_ANY_TEXT] = "text",
	[IS_TIME] = "an ISO 8601 date and time",
	[IS_COUNT] = "an integer, 0 or more",
	[IS_TIER] = "an integer from 0 to 4",
	[IS_BOOL] = "true or false",
	[IS_OBJECT] = "an object",
	[IS_ACTOR] = "text that is not empty, or an object",
	[IS_LANE] = "planned, doing, for_review or done",
	[IS_CONTRACT] = "1.0.0 or 3.0.0",
};

/* One member and what it must be. */
struct rule {
	const char *field;
	enum kind kind;
	bool is_optional; /* may be absent or null */
};

static const struct rule envelope[] = {
	{"event_id", IS_ID, false},
	{"event_type", IS_TEXT, false},
	{"schema_version", IS_CONTRACT, false},
	{"payload", IS_OBJECT, false},
	{"timestamp", IS_TIME, false},
	{"aggregate_id", IS_TEXT, false},
	{"node_id", IS_TEXT, false},
	{"lamport_clock", IS_COUNT, false},
	{"causation_id", IS_ID, true},
	{"correlation_id", IS_ID, true},
	{"project_uuid", IS_ANY_TEXT, true},
	{"project_slug", IS_ANY_TEXT, true},
	{"team_slug", IS_ANY_TEXT, true},
	{"data_tier", IS_TIER, true},
	{NULL, IS_ANY_TEXT, true},
};

static const struct rule wp_status_changed[] = {
	{"feature_slug", IS_TEXT, false},  {"wp_id", IS_TEXT, false},
	{"from_lane", IS_LANE, true},	   {"to_lane", IS_LANE, false},
	{"actor", IS_ACTOR, false},	   {"execution_mode", IS_TEXT, false},
	{"force", IS_BOOL, true},	   {"reason", IS_ANY_TEXT, true},
	{"review_ref", IS_ANY_TEXT, true}, {"evidence", IS_OBJECT, true},
	{NULL, IS_ANY_TEXT, true},
};

static const struct rule mission_started[] = {
	{"feature_slug", IS_TEXT, false},
	{"mission_key", IS_TEXT, false},
	{"started_by", IS_TEXT, false},
	{NULL, IS_ANY_TEXT, true},
};

static const struct rule mission_completed[] = {
	{"feature_slug", IS_TEXT, false}, {"mission_key", IS_TEXT, false},
	{"completed_at", IS_TIME, false}, {"wp_count", IS_COUNT, false},
	{"done_count", IS_COUNT, false},  {NULL, IS_ANY_TEXT, true},
};

static const struct rule phase_entered[] = {
	{"feature_slug", IS_TEXT, false},
	{"phase", IS_TEXT, false},
	{"entered_at", IS_TIME, false},
	{NULL, IS_ANY_TEXT, true},
};

static const struct rule review_rollback[] = {
	{"feature_slug", IS_TEXT, false},
	{"wp_id", IS_TEXT, false},
	{"rolled_back_from", IS_LANE, false},
	{"rolled_back_to", IS_LANE, false},
	{"reason", IS_ANY_TEXT, true},
	{NULL, IS_ANY_TEXT, true},
};

/* The event types of contract 1.0.0, all of them. */
static const struct {
	const char *name;
	const struct rule *payload;
} types[] = {
	{"WPStatusChanged", wp_status_changed},
	{"MissionStarted", mission_started},
	{"MissionCompleted", mission_completed},
	{"PhaseEntered", phase_entered},
	{"ReviewRollback", review_rollback},
};

/* Names that contract 3.0.0 has left behind; keys at any depth. */
static const char *const old_keys[] = {"feature_slug", "feature_number",
				       "mission_key", "legacy_aggregate_id"};
static const char *const old_types[] = {"FeatureCreated", "FeatureClosed"};
static const char *const old_aggregates[] = {"feature", "feature_catalog"};

static bool is_one_of(const char *text, size_t len, const char *const *list,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(list[i]) == len && memcmp(list[i], text, len) == 0)
			return true;
	}
	return false;
}

static bool is_lane(const char *text)
{
	static const char *const lanes[] = {"planned", "doing", "for_review",
					    "done"};

	return is_one_of(text, strlen(text), lanes, SK_COUNTOF(lanes));
}

static bool is_time(const char *text)
{
	int64_t us;

	return sk_time_parse(&us, text) == 0;
}

static bool text_fits(const char *text, enum kind kind)
{
	switch (kind) {
	case IS_ID:
		return sk_event_id_is_valid(text);
	case IS_TEXT:
	case IS_ACTOR:
		return text[0] != '\0';
	case IS_ANY_TEXT:
		return true;
	case IS_TIME:
		return is_time(text);
	case IS_LANE:
		return is_lane(text);
	case IS_CONTRACT:
		return is_one_of(text, strlen(text), sk_check_contracts,
				 SK_COUNTOF(sk_check_contracts) - 1);
	default:
		return false;
	}
}

static bool fits(const struct sk_json *value, const struct rule *rule)
{
	const char *text = sk_json_text(value);
	int64_t number;

	if (!value || sk_json_is_null(value))
		return rule->is_optional;
	if (text)
		return text_fits(text, rule->kind);
	switch (rule->kind) {
	case IS_COUNT:
		return sk_json_int(value, &number) && number >= 0;
	case IS_TIER:
		return sk_json_int(value, &number) && number >= 0 &&
		       number <= 4;
	case IS_BOOL:
		return sk_json_is_bool(value);
	case IS_OBJECT:
	case IS_ACTOR:
		return sk_json_is_object(value);
	default:
		return false;
	}
}

static void add_actual(struct sk_str *why, const struct sk_json *value)
{
	struct sk_str text = SK_STR_INIT;

	if (!value) {
		sk_str_puts(why, "nothing");
	} else if (sk_json_is_object(value)) {
		sk_str_puts(why, "an object");
	} else if (sk_json_is_array(value)) {
		sk_str_puts(why, "an array");
	} else if (sk_json_text(value)) {
		sk_str_putc(why, '\'');
		sk_str_add_visible(why, sk_json_text(value),
				   strlen(sk_json_text(value)), MAX_SHOWN);
		sk_str_putc(why, '\'');
	} else {
		sk_json_print(&text, value);
		sk_str_add_visible(why, text.ptr, text.len, MAX_SHOWN);
	}
	sk_str_free(&text);
}

static bool refuse(struct sk_str *why, const char *parent, const char *field,
		   const char *wanted, const struct sk_json *actual)
{
	sk_str_addf(why, "%s field '%s%s': expected %s, got ",
		    actual ? "invalid" : "missing", parent, field, wanted);
	add_actual(why, actual);
	return false;
}

static bool follows(const struct sk_json *object, const struct rule *rules,
		    const char *parent, struct sk_str *why)
{
	for (; rules->field; rules++) {
		const struct sk_json *value = sk_json_get(object, rules->field);

		if (!fits(value, rules))
			return refuse(why, parent, rules->field,
				      expected[rules->kind], value);
	}
	return true;
}

static bool check_first(const struct sk_json *event, struct sk_str *why)
{
	const char *type = sk_json_get_text(event, "event_type");

	for (size_t i = 0; i < SK_COUNTOF(types); i++) {
		if (strcmp(types[i].name, type) == 0)
			return follows(sk_json_get(event, "payload"),
				       types[i].payload, "payload.", why);
	}
	return refuse(why, "", "event_type",
		      "WPStatusChanged, MissionStarted, MissionCompleted,"
		      " PhaseEntered or ReviewRollback",
		      sk_json_get(event, "event_type"));
}

/* The parser has capped the depth. */
static const char *find_old_key(const struct sk_json *value)
{
	const struct sk_json *at = sk_json_first(value);

	for (; at; at = sk_json_next(at)) {
		const char *key = sk_json_key(at);
		const char *below;

		if (key &&
		    is_one_of(key, strlen(key), old_keys, SK_COUNTOF(old_keys)))
			return key;
		below = find_old_key(at);
		if (below)
			return below;
	}
	return NULL;
}

static bool check_third(const struct sk_json *event, struct sk_str *why)
{
	const char *type = sk_json_get_text(event, "event_type");
	const char *aggregate = sk_json_get_text(event, "aggregate_id");
	const char *key = find_old_key(event);

	if (key) {
		sk_str_addf(why,
			    "invalid field '%s': expected no key that contract"
			    " 3.0.0 has left behind, got one",
			    key);
		return false;
	}
	if (is_one_of(type, strlen(type), old_types, SK_COUNTOF(old_types)))
		return refuse(why, "", "event_type", "a type of contract 3.0.0",
			      sk_json_get(event, "event_type"));
	if (is_one_of(aggregate, strcspn(aggregate, "/"), old_aggregates,
		      SK_COUNTOF(old_aggregates)))
		return refuse(why, "", "aggregate_id",
			      "an aggregate of contract 3.0.0",
			      sk_json_get(event, "aggregate_id"));
	return true;
}

bool sk_check_event(const struct sk_json *event, struct sk_str *why)
{
	if (!sk_json_is_object(event)) {
		sk_str_puts(why, "invalid event: expected an object, got ");
		add_actual(why, event);
		return false;
	}
	if (!follows(event, envelope, "", why))
		return false;
	if (strcmp(sk_json_get_text(event, "schema_version"), "1.0.0") == 0)
		return check_first(event, why);
	return check_third(event, why);
}
