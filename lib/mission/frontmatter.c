/* SPDX-License-Identifier: MIT */
#include "mission/frontmatter.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "format/yaml.h"
#include "mission/lines.h"

/* A word of a list in a text, without quotes. */
static void add_word(struct sk_words *out, const char *at, size_t len)
{
	struct sk_line word = sk_line_trim((struct sk_line){at, len});

	if (word.len >= 2 && (*word.at == '"' || *word.at == '\'') &&
	    word.at[word.len - 1] == *word.at) {
		word.at++;
		word.len -= 2;
		word = sk_line_trim(word);
	}
	if (word.len)
		sk_words_add_len(out, word.at, word.len);
}

static void add_text(struct sk_words *out, const char *text)
{
	struct sk_line all = sk_line_trim((struct sk_line){text, strlen(text)});
	const char *end;

	if (all.len == 4 && strncasecmp(all.at, "none", 4) == 0)
		return;
	if (all.len >= 2 && all.at[0] == '[' && all.at[all.len - 1] == ']') {
		all.at++;
		all.len -= 2;
	}
	end = all.at + all.len;
	for (const char *at = all.at; at <= end;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));

		if (!comma)
			comma = end;
		add_word(out, at, (size_t)(comma - at));
		at = comma + 1;
	}
}

void sk_wp_add_list(struct sk_words *out, const struct sk_form *value)
{
	if (sk_form_as_text(value))
		add_text(out, sk_form_as_text(value));
	if (!sk_form_is_array(value))
		return;
	for (size_t i = 0; i < sk_form_count(value); i++) {
		const char *text = sk_form_as_text(sk_form_at(value, i));

		if (text)
			add_word(out, text, strlen(text));
	}
}

/* A text with something in it. */
static const char *text_of(const struct sk_form *form, const char *key)
{
	const char *text = sk_form_get_text(form, key);

	return text && *text ? text : NULL;
}

/* `agent` is a text, or a mapping that says the tool and more. */
static const char *agent_of(const struct sk_form *form)
{
	const struct sk_form *agent = sk_form_get(form, "agent");
	const char *name = text_of(form, "agent");

	if (!name)
		name = text_of(agent, "tool");
	return name ? name : text_of(agent, "name");
}

static void read_texts(struct sk_wp *wp)
{
	const char *id = text_of(wp->form, "work_package_id");

	if (!id)
		id = text_of(wp->form, "wp_id");
	if (id && sk_wp_id_is_valid(id))
		memcpy(wp->id, id, strlen(id) + 1);
	wp->title = text_of(wp->form, "title");
	if (!wp->title)
		wp->title = text_of(wp->form, "work_package_title");
	wp->execution_mode = text_of(wp->form, "execution_mode");
	wp->authoritative_surface = text_of(wp->form, "authoritative_surface");
	wp->scope = text_of(wp->form, "scope");
	wp->agent = agent_of(wp->form);
	wp->shell_pid = text_of(wp->form, "shell_pid");
	wp->base_commit = text_of(wp->form, "base_commit");
}

static void read_lists(struct sk_wp *wp)
{
	sk_wp_add_list(&wp->dependencies,
		       sk_form_get(wp->form, "dependencies"));
	if (!wp->dependencies.len)
		sk_wp_add_list(&wp->dependencies,
			       sk_form_get(wp->form, "depends_on"));
	sk_wp_add_list(&wp->requirement_refs,
		       sk_form_get(wp->form, "requirement_refs"));
	for (size_t i = 0; i < wp->requirement_refs.len; i++) {
		for (char *c = wp->requirement_refs.items[i]; *c; c++)
			*c = (char)toupper((unsigned char)*c);
	}
	sk_wp_add_list(&wp->owned_files, sk_form_get(wp->form, "owned_files"));
}

int sk_wp_read(struct sk_wp *out, const char *data, size_t len,
	       struct sk_err *err)
{
	const char *at = data, *end = data + len;
	struct sk_str yaml = SK_STR_INIT;
	int rc;

	*out = (struct sk_wp){.form = NULL};
	if (!sk_front_find(&at, &end))
		return 1;
	/* an empty line for the "---", so that lines are those of the file */
	sk_str_putc(&yaml, '\n');
	sk_str_add(&yaml, at, (size_t)(end - at));
	rc = sk_yaml_read(&out->form, yaml.ptr, yaml.len, err);
	sk_str_free(&yaml);
	if (rc < 0)
		return -1;
	if (sk_form_is_null(out->form)) {
		sk_form_free(out->form);
		out->form = sk_form_object();
	}
	if (!sk_form_is_object(out->form))
		return sk_fail(err, SK_EDATA,
			       "the front matter has no keys and values");
	read_texts(out);
	read_lists(out);
	return 0;
}

void sk_wp_free(struct sk_wp *wp)
{
	sk_form_free(wp->form);
	sk_words_free(&wp->dependencies);
	sk_words_free(&wp->requirement_refs);
	sk_words_free(&wp->owned_files);
	*wp = (struct sk_wp){.form = NULL};
}
