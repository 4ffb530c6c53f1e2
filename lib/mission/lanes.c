/* SPDX-License-Identifier: MIT */
#include "mission/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A member that must be a text with something in it. */
static int need_text(const char **out, const struct sk_form *object,
		     const char *key, struct sk_err *err)
{
	*out = sk_form_get_text(object, key);
	if (*out && **out)
		return 0;
	return sk_fail(err, SK_EDATA, "'%s' is missing or no text", key);
}

/* A member that must be a list of texts. */
static int need_texts(struct sk_words *out, const struct sk_form *object,
		      const char *key, struct sk_err *err)
{
	const struct sk_form *list = sk_form_get(object, key);

	if (!sk_form_is_array(list))
		return sk_fail(err, SK_EDATA, "'%s' is missing or no list",
			       key);
	for (size_t i = 0; i < sk_form_count(list); i++) {
		const char *text = sk_form_as_text(sk_form_at(list, i));

		if (!text)
			return sk_fail(err, SK_EDATA,
				       "'%s' holds what is no text", key);
		sk_words_add(out, text);
	}
	return 0;
}

static int read_lane(struct sk_lanes *lanes, const struct sk_form *object,
		     struct sk_err *err)
{
	struct sk_work_lane *lane = &lanes->items[lanes->len++];

	*lane = (struct sk_work_lane){.id = NULL};
	if (need_text(&lane->id, object, "lane_id", err) < 0 ||
	    need_texts(&lane->wp_ids, object, "wp_ids", err) < 0 ||
	    need_texts(&lane->depends_on, object, "depends_on_lanes", err) < 0)
		return sk_within(err, "lane %zu", lanes->len);
	if (!sk_form_as_int(sk_form_get(object, "parallel_group"),
			    &lane->parallel_group))
		return sk_fail(err, SK_EDATA,
			       "lane %zu: 'parallel_group' is no number",
			       lanes->len);
	return 0;
}

/* Each lane and each work package stands there once. */
static int check_twins(const struct sk_lanes *lanes, struct sk_err *err)
{
	struct sk_words seen = SK_WORDS_INIT;
	int ret = 0;

	for (size_t i = 0; i < lanes->len; i++) {
		const struct sk_work_lane *lane = &lanes->items[i];

		if (!sk_words_add_new(&seen, lane->id))
			ret = sk_fail(err, SK_EDATA, "'%s' stands there twice",
				      lane->id);
		for (size_t j = 0; j < lane->wp_ids.len; j++) {
			if (!sk_words_add_new(&seen, lane->wp_ids.items[j]))
				ret = sk_fail(err, SK_EDATA,
					      "'%s' stands there twice",
					      lane->wp_ids.items[j]);
		}
	}
	sk_words_free(&seen);
	return ret;
}

int sk_lanes_read(struct sk_lanes *out, const char *data, size_t len,
		  struct sk_err *err)
{
	const struct sk_form *list;
	int64_t version;

	*out = (struct sk_lanes){.form = NULL};
	if (sk_form_read(&out->form, data, len, err) < 0)
		return -1;
	if (!sk_form_as_int(sk_form_get(out->form, "version"), &version) ||
	    version != 1)
		return sk_fail(err, SK_EDATA, "'version' is not 1");
	if (need_text(&out->mission_slug, out->form, "mission_slug", err) < 0 ||
	    need_text(&out->mission_branch, out->form, "mission_branch", err) <
		    0 ||
	    need_text(&out->target_branch, out->form, "target_branch", err) < 0)
		return -1;
	out->mission_id = sk_form_get_text(out->form, "mission_id");
	if (!out->mission_id)
		out->mission_id = out->mission_slug;
	list = sk_form_get(out->form, "lanes");
	if (!sk_form_is_array(list))
		return sk_fail(err, SK_EDATA, "'lanes' is missing or no list");
	out->items = sk_calloc(sk_form_count(list) + 1, sizeof(*out->items));
	for (size_t i = 0; i < sk_form_count(list); i++) {
		if (read_lane(out, sk_form_at(list, i), err) < 0)
			return -1;
	}
	return check_twins(out, err);
}

void sk_lanes_free(struct sk_lanes *lanes)
{
	for (size_t i = 0; i < lanes->len; i++) {
		sk_words_free(&lanes->items[i].wp_ids);
		sk_words_free(&lanes->items[i].depends_on);
	}
	free(lanes->items);
	sk_form_free(lanes->form);
	*lanes = (struct sk_lanes){.form = NULL};
}

const struct sk_work_lane *sk_lanes_find(const struct sk_lanes *lanes,
					 const char *wp_id)
{
	for (size_t i = 0; i < lanes->len; i++) {
		if (sk_words_has(&lanes->items[i].wp_ids, wp_id))
			return &lanes->items[i];
	}
	return NULL;
}

const char *sk_lanes_mode(const struct sk_lanes *lanes, const char *wp_id)
{
	const struct sk_work_lane *lane = sk_lanes_find(lanes, wp_id);

	return lane && strcmp(lane->id, SK_LANES_PLANNING) != 0 ? "worktree"
								: "direct_repo";
}

void sk_lanes_add(struct sk_str *out, const struct sk_form *form)
{
	sk_form_add(out, form, SK_FORM_INDENTED);
	sk_str_putc(out, '\n');
}
