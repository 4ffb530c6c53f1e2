/* SPDX-License-Identifier: MIT */
#include "mission/meta.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mission/names.h"

/* A text with something in it, by its name or that of an older release. */
static const char *text_of(const struct sk_form *form, const char *key,
			   const char *older)
{
	const char *text = sk_form_get_text(form, key);

	if ((!text || !*text) && older)
		text = sk_form_get_text(form, older);
	return text && *text ? text : NULL;
}

bool sk_meta_number(int64_t *number, const struct sk_form *value)
{
	const char *text = sk_form_as_text(value);
	int64_t said;

	if (text) {
		if (!*text || strspn(text, "0123456789") != strlen(text))
			return false;
		errno = 0;
		said = strtoll(text, NULL, 10);
		if (errno)
			return false;
	} else if (!sk_form_as_int(value, &said) || said < 0) {
		return false;
	}
	*number = said;
	return true;
}

int sk_meta_read(struct sk_meta *out, const char *data, size_t len,
		 struct sk_err *err)
{
	struct sk_form *form;

	*out = (struct sk_meta)SK_META_INIT;
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		len -= 3;
	}
	if (sk_form_read(&form, data, len, err) < 0)
		return -1;
	if (!sk_form_is_object(form)) {
		sk_form_free(form);
		return sk_fail(err, SK_EDATA, "not a JSON object");
	}
	out->form = form;
	out->mission_slug = text_of(form, "mission_slug", "slug");
	if (!out->mission_slug)
		out->mission_slug = text_of(form, "feature_slug", NULL);
	out->mission_id = text_of(form, "mission_id", NULL);
	out->friendly_name = text_of(form, "friendly_name", NULL);
	out->mission_type = text_of(form, "mission_type", "mission");
	out->target_branch = text_of(form, "target_branch", NULL);
	out->created_at = text_of(form, "created_at", NULL);
	out->has_number = sk_meta_number(&out->mission_number,
					 sk_form_get(form, "mission_number"));
	return 0;
}

void sk_meta_free(struct sk_meta *meta)
{
	sk_form_free(meta->form);
	*meta = (struct sk_meta)SK_META_INIT;
}

/* "login-page-01ABCDEF" -> "login page". */
static void set_friendly_name(struct sk_form *form, const char *mission_slug)
{
	struct sk_str name = SK_STR_INIT;

	sk_str_add(&name, mission_slug, sk_slug_len_without_mid8(mission_slug));
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '-')
			name.ptr[i] = ' ';
	}
	sk_form_set(form, "friendly_name", sk_form_text(name.ptr));
	sk_str_free(&name);
}

struct sk_form *sk_meta_make(const struct sk_meta_new *mission)
{
	const struct {
		const char *key, *value;
	} texts[] = {
		{"slug", mission->mission_slug},
		{"mission_slug", mission->mission_slug},
		{"friendly_name", mission->friendly_name},
		{"mission_type", mission->mission_type},
		{"target_branch", mission->target_branch},
		{"created_at", mission->created_at},
		{"mission_id", mission->mission_id},
		{"purpose_tldr", mission->purpose_tldr},
		{"purpose_context", mission->purpose_context},
	};
	struct sk_form *form = sk_form_object();

	for (size_t i = 0; i < SK_COUNTOF(texts); i++) {
		if (texts[i].value && *texts[i].value)
			sk_form_set(form, texts[i].key,
				    sk_form_text(texts[i].value));
	}
	if (!mission->friendly_name || !*mission->friendly_name)
		set_friendly_name(form, mission->mission_slug);
	/* only the merge gives a number */
	sk_form_set(form, "mission_number", sk_form_text(NULL));
	if (mission->is_pr_bound)
		sk_form_set(form, "pr_bound", sk_form_bool(true));
	return form;
}

void sk_meta_add(struct sk_str *out, const struct sk_form *form)
{
	sk_form_add(out, form, SK_FORM_SORTED);
	sk_str_putc(out, '\n');
}
