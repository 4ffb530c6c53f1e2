/* SPDX-License-Identifier: MIT */
#include "mission/lifecycle.h"

#include <string.h>

#include "format/time.h"
#include "format/ulid.h"
#include "mission/meta.h"

/* Of these rows alone; the wire has a version of its own. */
#define ROW_VERSION "5.0.0"

static bool is_row(const struct sk_form *row, const char *type,
		   const char *mission_slug, const char *wp_id)
{
	const struct sk_form *payload = sk_form_get(row, "payload");
	const char *said = sk_form_get_text(row, "event_type");
	const char *slug = sk_form_get_text(payload, "mission_slug");
	const char *wp = sk_form_get_text(payload, "wp_id");

	return said && strcmp(said, type) == 0 && slug &&
	       strcmp(slug, mission_slug) == 0 &&
	       (!wp_id || (wp && strcmp(wp, wp_id) == 0));
}

static bool has_row(const struct sk_lifecycle *life, const char *type,
		    const char *wp_id)
{
	bool has = false;

	for (size_t i = 0; !has && life->log && i < life->log->other_count;
	     i++) {
		struct sk_log_part line = life->log->others[i].line;
		struct sk_form *row = NULL;
		struct sk_err ignored = {0};

		has = sk_form_read(&row, life->data + line.offset, line.len,
				   &ignored) == 0 &&
		      is_row(row, type, life->mission_slug, wp_id);
		sk_form_free(row);
	}
	return has;
}

/* The time as payloads have it: with Z where the envelope has an offset. */
static struct sk_form *time_with_z(int64_t us)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_form *form;

	sk_time_add(&text, us);
	sk_str_cut(&text, text.len - strlen("+00:00"));
	sk_str_putc(&text, 'Z');
	form = sk_form_text(text.ptr);
	sk_str_free(&text);
	return form;
}

static void put_text(struct sk_form *form, const char *key, const char *text)
{
	sk_form_set(form, key, sk_form_text(text));
}

/* What every payload has. The number is null until the mission is merged. */
static struct sk_form *make_payload(const struct sk_lifecycle *life)
{
	struct sk_form *payload = sk_form_object();
	int64_t number;

	put_text(payload, "mission_slug", life->mission_slug);
	sk_form_set(payload, "mission_number",
		    sk_meta_number(&number,
				   sk_form_get(life->meta, "mission_number"))
			    ? sk_form_int(number)
			    : sk_form_text(NULL));
	return payload;
}

/* Append the row; the payload is taken. */
static void add_row(struct sk_str *out, const struct sk_lifecycle *life,
		    const char *type, const char *wp_id,
		    struct sk_form *payload)
{
	struct sk_form *row = sk_form_object();
	struct sk_str at = SK_STR_INIT;
	char id[SK_ULID_LEN + 1];

	sk_ulid_random(id);
	sk_time_add(&at, life->at_us);
	put_text(row, "aggregate_id", wp_id ? wp_id : life->mission_slug);
	put_text(row, "aggregate_type", wp_id ? "WorkPackage" : "Mission");
	put_text(row, "event_id", id);
	put_text(row, "event_type", type);
	sk_form_set(row, "payload", payload);
	put_text(row, "project_slug", life->project_slug);
	put_text(row, "project_uuid", life->project_uuid);
	put_text(row, "schema_version", ROW_VERSION);
	put_text(row, "timestamp", at.ptr);
	sk_form_add(out, row, SK_FORM_LINE);
	sk_str_putc(out, '\n');
	sk_form_free(row);
	sk_str_free(&at);
}

/* A text of meta.json, for a member that must not be empty. */
static const char *told(const struct sk_lifecycle *life, const char *key,
			const char *otherwise)
{
	const char *text = sk_form_get_text(life->meta, key);

	return text && *text ? text : otherwise;
}

void sk_lifecycle_add_created(struct sk_str *out,
			      const struct sk_lifecycle *life)
{
	const char *name = told(life, "friendly_name", life->mission_slug);
	struct sk_form *payload;

	if (has_row(life, "MissionCreated", NULL))
		return;
	payload = make_payload(life);
	put_text(payload, "mission_id", told(life, "mission_id", NULL));
	put_text(payload, "mission_type",
		 told(life, "mission_type", "software-dev"));
	put_text(payload, "target_branch", told(life, "target_branch", ""));
	put_text(payload, "friendly_name", name);
	put_text(payload, "purpose_tldr", told(life, "purpose_tldr", name));
	put_text(payload, "purpose_context",
		 told(life, "purpose_context", name));
	sk_form_set(payload, "wp_count", sk_form_int(0));
	sk_form_set(payload, "created_at", time_with_z(life->at_us));
	add_row(out, life, "MissionCreated", NULL, payload);
}

void sk_lifecycle_add_started(struct sk_str *out,
			      const struct sk_lifecycle *life, const char *type)
{
	struct sk_form *payload;

	if (has_row(life, type, NULL))
		return;
	payload = make_payload(life);
	put_text(payload, "actor", life->actor);
	sk_form_set(payload, "at", time_with_z(life->at_us));
	add_row(out, life, type, NULL, payload);
}

static struct sk_form *path_of(const struct sk_lifecycle *life,
			       const char *file)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_form *form;

	sk_str_addf(&path, "kitty-specs/%s/%s", life->mission_slug, file);
	form = sk_form_text(path.ptr);
	sk_str_free(&path);
	return form;
}

void sk_lifecycle_add_completed(struct sk_str *out,
				const struct sk_lifecycle *life,
				const char *type, const char *file,
				int64_t wp_count)
{
	struct sk_form *payload;

	if (has_row(life, type, NULL))
		return;
	payload = make_payload(life);
	put_text(payload, "actor", life->actor);
	sk_form_set(payload, "at", time_with_z(life->at_us));
	sk_form_set(payload, "artifact_path", path_of(life, file));
	put_text(payload, "summary", NULL);
	if (wp_count >= 0)
		sk_form_set(payload, "wp_count", sk_form_int(wp_count));
	add_row(out, life, type, NULL, payload);
}

void sk_lifecycle_add_wp(struct sk_str *out, const struct sk_lifecycle *life,
			 const struct sk_lifecycle_wp *wp)
{
	struct sk_form *payload, *list;

	if (has_row(life, "WPCreated", wp->id))
		return;
	payload = make_payload(life);
	list = sk_form_array();
	for (size_t i = 0; i < wp->dependencies->len; i++)
		sk_form_append(list, sk_form_text(wp->dependencies->items[i]));
	put_text(payload, "actor", life->actor);
	put_text(payload, "wp_id", wp->id);
	put_text(payload, "wp_title",
		 wp->title && *wp->title ? wp->title : wp->id);
	sk_form_set(payload, "depends_on", list);
	sk_form_set(payload, "wp_path", path_of(life, wp->file));
	sk_form_set(payload, "created_at", time_with_z(life->at_us));
	add_row(out, life, "WPCreated", wp->id, payload);
}
