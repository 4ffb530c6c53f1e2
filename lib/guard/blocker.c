/* SPDX-License-Identifier: MIT */
#include "guard/blocker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void free_one(struct sk_blocker *blocker)
{
	free(blocker->subject);
	sk_str_free(&blocker->message);
	sk_str_free(&blocker->remediation);
}

void sk_blockers_free(struct sk_blockers *list)
{
	for (size_t i = 0; i < list->len; i++)
		free_one(&list->items[i]);
	free(list->items);
	*list = (struct sk_blockers)SK_BLOCKERS_INIT;
}

static struct sk_blocker *add(struct sk_blockers *list, const char *code,
			      const char *subject, bool is_warning)
{
	struct sk_blocker *blocker;

	SK_GROW(list->items, list->len, list->cap);
	blocker = &list->items[list->len++];
	*blocker = (struct sk_blocker){.code = code,
				       .subject = sk_strdup(subject),
				       .is_warning = is_warning,
				       .message = SK_STR_INIT,
				       .remediation = SK_STR_INIT};
	return blocker;
}

struct sk_blocker *sk_blocker_add(struct sk_blockers *list, const char *code,
				  const char *subject)
{
	return add(list, code, subject, false);
}

struct sk_blocker *sk_warning_add(struct sk_blockers *list, const char *code,
				  const char *subject)
{
	return add(list, code, subject, true);
}

void sk_blockers_drop_twin(struct sk_blockers *list)
{
	struct sk_blocker *last = list->items + list->len - 1;

	for (size_t i = 0; i + 1 < list->len; i++) {
		if (strcmp(list->items[i].code, last->code) != 0 ||
		    strcmp(list->items[i].message.ptr, last->message.ptr) != 0)
			continue;
		free_one(last);
		list->len--;
		return;
	}
}

bool sk_blockers_has(const struct sk_blockers *list, const char *code)
{
	for (size_t i = 0; i < list->len; i++) {
		if (strcmp(list->items[i].code, code) == 0)
			return true;
	}
	return false;
}

size_t sk_blockers_count(const struct sk_blockers *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->len; i++)
		count += !list->items[i].is_warning;
	return count;
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == '\177';
}

static bool has_control(const char *name)
{
	while (*name && !is_control(*name))
		name++;
	return *name != '\0';
}

/* What a terminal would obey, or a line would end at, printf makes of digits.
 */
static void add_printf(struct sk_str *out, const char *name)
{
	sk_str_puts(out, "\"$(printf '");
	for (const char *at = name; *at; at++) {
		if (is_control(*at) || *at == '\'' ||
		    (at == name && *at == '-'))
			sk_str_addf(out, "\\%03o", (unsigned char)*at);
		else if (*at == '%' || *at == '\\')
			sk_str_addf(out, "%c%c", *at, *at);
		else
			sk_str_putc(out, *at);
	}
	sk_str_puts(out, "')\"");
}

void sk_blocker_add_word(struct sk_str *out, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:@%+,-";

	size_t len = strlen(name);

	if (*name && !name[strspn(name, plain)])
		sk_str_puts(out, name);
	else if (has_control(name) && name[len - 1] != '\n')
		add_printf(out, name); /* a shell would cut off that end */
	else
		sk_str_add_quoted(out, name);
}

/* A name with a hyphen in front 'git branch' takes for none, with "--" too, and
 * it makes no HEAD. */
void sk_blocker_add_branch(struct sk_str *out, const char *branch,
			   const char *hex)
{
	bool is_odd = branch[0] == '-' || strcmp(branch, "HEAD") == 0;
	struct sk_str ref = SK_STR_INIT;

	sk_str_addf(&ref, "%s%s", is_odd ? "refs/heads/" : "", branch);
	sk_str_puts(out, is_odd ? "git update-ref " : "git branch ");
	sk_blocker_add_word(out, ref.ptr);
	sk_str_addf(out, " %s", hex);
	sk_str_free(&ref);
}
