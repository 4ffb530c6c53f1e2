/* SPDX-License-Identifier: MIT */
#include "mission/faults.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void sk_faults_free(struct sk_faults *faults)
{
	for (size_t i = 0; i < faults->len; i++) {
		free(faults->items[i].subject);
		free(faults->items[i].text);
	}
	free(faults->items);
	*faults = (struct sk_faults)SK_FAULTS_INIT;
}

void sk_fault_add(struct sk_faults *faults, const char *code,
		  const char *subject, const char *fmt, ...)
{
	struct sk_str text = SK_STR_INIT;
	va_list args;

	va_start(args, fmt);
	sk_str_vaddf(&text, fmt, args);
	va_end(args);
	SK_GROW(faults->items, faults->len, faults->cap);
	faults->items[faults->len++] = (struct sk_mission_fault){
		.code = code,
		.subject = sk_strdup(subject),
		.text = sk_str_take(&text),
	};
}

size_t sk_faults_count(const struct sk_faults *faults, const char *code)
{
	size_t count = 0;

	for (size_t i = 0; i < faults->len; i++)
		count += strcmp(faults->items[i].code, code) == 0;
	return count;
}
