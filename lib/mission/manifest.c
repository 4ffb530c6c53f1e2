/* SPDX-License-Identifier: MIT */
#include "mission/manifest.h"

#include <string.h>

#include "base/mem.h"
#include "format/yaml.h"
#include "mission/frontmatter.h"
#include "mission/requirement.h"

static const char *id_of(const struct sk_form *entry)
{
	static const char *const keys[] = {"id", "work_package_id", "wp_id"};

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		const char *id = sk_form_get_text(entry, keys[i]);

		if (id)
			return id;
	}
	return "";
}

static void add_refs(struct sk_words *out, const struct sk_form *value)
{
	struct sk_words refs = SK_WORDS_INIT;

	sk_wp_add_list(&refs, value);
	for (size_t i = 0; i < refs.len; i++)
		sk_requirements_add(out, refs.items[i], strlen(refs.items[i]));
	sk_words_free(&refs);
}

static int read_entry(struct sk_tasks *out, const struct sk_form *entry,
		      size_t nth, struct sk_err *err)
{
	const struct sk_form *dependencies;
	const char *id = id_of(entry);
	struct sk_tasks_wp *wp;

	if (!sk_wp_id_is_valid(id))
		return sk_fail(err, SK_EDATA,
			       "work package %zu has no 'id' like 'WP01'",
			       nth + 1);
	if (sk_tasks_find(out, id))
		return sk_fail(err, SK_EDATA, "'%s' stands there twice", id);
	wp = sk_tasks_add(out, id);
	wp->title = sk_strdup(sk_form_get_text(entry, "title"));
	dependencies = sk_form_get(entry, "dependencies");
	if (!dependencies)
		dependencies = sk_form_get(entry, "depends_on");
	wp->says_dependencies = dependencies;
	sk_wp_add_list(&wp->dependencies, dependencies);
	add_refs(&wp->requirement_refs, sk_form_get(entry, "requirement_refs"));
	sk_wp_add_list(&wp->owned_files, sk_form_get(entry, "owned_files"));
	return 0;
}

int sk_manifest_read(struct sk_tasks *out, const char *data, size_t len,
		     struct sk_err *err)
{
	struct sk_form *form, *list;
	int ret = 0;

	if (sk_yaml_read(&form, data, len, err) < 0)
		return -1;
	list = sk_form_get(form, "work_packages");
	if (!sk_form_is_array(list))
		ret = sk_fail(err, SK_EDATA,
			      "there is no list 'work_packages'");
	for (size_t i = 0; i < sk_form_count(list) && ret == 0; i++)
		ret = read_entry(out, sk_form_at(list, i), i, err);
	sk_form_free(form);
	return ret;
}
