/* SPDX-License-Identifier: MIT */
/* The same for programs; names of members are spec-kitty's where it has one. */
#include <stdlib.h>

#include "base/mem.h"
#include "command/missionview.h"
#include "format/time.h"

static void add_time(struct sk_jsonw *w, const char *key, int64_t us)
{
	struct sk_str text = SK_STR_INIT;

	if (us != INT64_MIN)
		sk_time_add(&text, us);
	sk_jsonw_text(w, key, text.len ? text.ptr : NULL);
	sk_str_free(&text);
}

static void add_tip(struct sk_jsonw *w, const char *key,
		    const struct sk_mission_tip *tip)
{
	struct sk_str name = SK_STR_INIT;

	if (tip)
		sk_mission_tip_add_name(&name, tip);
	sk_jsonw_text(w, key, tip ? name.ptr : NULL);
	sk_str_free(&name);
}

/* In the order of the tips, whichever version they have. */
static void add_branches(struct sk_jsonw *w, const struct sk_mission *m,
			 const struct sk_missions *all)
{
	bool *has = sk_calloc(all->tip_count + 1, sizeof(*has));

	for (size_t i = 0; i < m->version_count; i++) {
		for (size_t k = 0; k < m->versions[i].tip_count; k++)
			has[m->versions[i].tips[k]] = true;
	}
	sk_jsonw_array(w, "branches");
	for (size_t i = 0; i < all->tip_count; i++) {
		if (has[i])
			add_tip(w, NULL, &all->tips[i]);
	}
	sk_jsonw_end_array(w);
	free(has);
}

static void add_summary(struct sk_jsonw *w, const struct sk_mission *m)
{
	sk_jsonw_object(w, "summary");
	for (enum sk_lane lane = SK_LANE_PLANNED; lane < SK_LANE_COUNT; lane++)
		sk_jsonw_int(w, sk_lane_name(lane), m->in_lane[lane]);
	sk_jsonw_end_object(w);
}

void sk_mission_add_json(struct sk_jsonw *w, const struct sk_mission *m,
			 const struct sk_missions *all)
{
	static const char *const wheres[] = {
		[SK_TIP_HERE] = "here",
		[SK_TIP_LOCAL] = "local",
		[SK_TIP_REMOTE] = "remote",
	};

	sk_jsonw_text(w, "mission_slug", m->slug);
	sk_jsonw_text(w, "mission_id", m->id);
	if (m->number < 0)
		sk_jsonw_null(w, "mission_number");
	else
		sk_jsonw_int(w, "mission_number", m->number);
	sk_jsonw_text(w, "mission_type", m->type);
	sk_jsonw_text(w, "friendly_name", m->name);
	sk_jsonw_text(w, "target_branch", m->target);
	add_tip(w, "branch", m->newest);
	sk_jsonw_text(w, "where", wheres[m->where]);
	sk_jsonw_bool(w, "is_coordination", m->is_coordination);
	sk_jsonw_bool(w, "is_united", m->is_united);
	add_branches(w, m, all);
	sk_jsonw_int(w, "event_count", m->event_count);
	sk_jsonw_int(w, "unreadable_lines", m->unreadable);
	sk_jsonw_text(w, "fault", m->fault);
	sk_jsonw_int(w, "wp_count", (int64_t)m->package_count);
	sk_jsonw_int(w, "progress_percent", m->progress);
	add_summary(w, m);
}

void sk_mission_add_packages_json(struct sk_jsonw *w,
				  const struct sk_mission *m, int64_t now_us)
{
	sk_jsonw_array(w, "work_packages");
	for (size_t i = 0; i < m->package_count; i++) {
		const struct sk_package *p = &m->packages[i];
		bool is_moved = p->last_event_id[0];

		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "wp_id", p->id);
		sk_jsonw_text(w, "title", p->title);
		sk_jsonw_text(w, "lane", sk_lane_name(p->lane));
		sk_jsonw_text(w, "actor", p->actor);
		add_time(w, "last_transition_at", p->since_us);
		if (p->since_us == INT64_MIN)
			sk_jsonw_null(w, "age_seconds");
		else
			sk_jsonw_int(w, "age_seconds",
				     (now_us - p->since_us) / 1000000);
		sk_jsonw_text(w, "last_event_id",
			      is_moved ? p->last_event_id : NULL);
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
}
