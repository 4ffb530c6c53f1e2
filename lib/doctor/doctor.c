/* SPDX-License-Identifier: MIT */
#include "doctor/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "doctor/part.h"
#include "format/time.h"

enum { MAX_VALUE = 400, LABEL_WIDTH = 15 };

void sk_doctor_begin(struct sk_doctor *d, const char *title)
{
	sk_str_addf(&d->text, "%s%s\n", d->text.len ? "\n" : "", title);
}

void sk_doctor_line(struct sk_doctor *d, const char *label, const char *fmt,
		    ...)
{
	struct sk_str value = SK_STR_INIT;
	va_list args;

	va_start(args, fmt);
	sk_str_vaddf(&value, fmt, args);
	va_end(args);
	sk_str_addf(&d->text, "  %-*s ", LABEL_WIDTH, label);
	sk_str_add_visible(&d->text, value.ptr, value.len, MAX_VALUE);
	sk_str_putc(&d->text, '\n');
	sk_str_free(&value);
}

/* Text from files and servers as one line that is safe on a terminal. */
static char *visible(const char *text)
{
	struct sk_str out = SK_STR_INIT;

	sk_str_add_visible(&out, text, strlen(text), MAX_VALUE);
	return sk_str_take(&out);
}

static struct sk_finding *add_finding(struct sk_doctor *d, const char *code)
{
	struct sk_finding *finding;

	SK_GROW(d->findings, d->count, d->cap);
	finding = &d->findings[d->count++];
	*finding = (struct sk_finding){.code = code};
	return finding;
}

void sk_doctor_find(struct sk_doctor *d, const char *code, const char *command,
		    const char *fmt, ...)
{
	struct sk_finding *finding = add_finding(d, code);
	struct sk_str text = SK_STR_INIT;
	va_list args;

	va_start(args, fmt);
	sk_str_vaddf(&text, fmt, args);
	va_end(args);
	finding->message = visible(text.ptr);
	finding->command = sk_strdup(command);
	sk_str_free(&text);
}

/* A hint is mostly "run '<command>'", sometimes with more behind it. */
void sk_doctor_find_err(struct sk_doctor *d, const char *code,
			const struct sk_err *err)
{
	struct sk_finding *finding = add_finding(d, code);
	size_t len = strlen(err->hint);

	finding->message = visible(err->msg);
	if (len > 6 && strncmp(err->hint, "run '", 5) == 0 &&
	    strchr(err->hint + 5, '\'') == err->hint + len - 1)
		finding->command = sk_strndup(err->hint + 5, len - 6);
	else if (len)
		finding->advice = visible(err->hint);
}

void sk_doctor_json_time(struct sk_doctor *d, const char *key, int64_t seconds)
{
	struct sk_str text = SK_STR_INIT;

	if (seconds > 0)
		sk_time_add(&text, seconds * 1000000);
	sk_jsonw_text(&d->w, key, seconds > 0 ? text.ptr : NULL);
	sk_str_free(&text);
}

const char *sk_doctor_events_wait(long long count)
{
	return sk_plural(count, "event waits", "events wait");
}

void sk_doctor_add_when(struct sk_str *out, int64_t seconds, int64_t now_s)
{
	if (seconds > now_s)
		sk_str_puts(out, "in ");
	sk_time_add_span(out, llabs(seconds - now_s));
	if (seconds <= now_s)
		sk_str_puts(out, " ago");
}

static void add_findings(struct sk_doctor *d)
{
	sk_jsonw_array(&d->w, "findings");
	sk_str_puts(&d->text,
		    d->count ? "\nProblems\n" : "\nNo problems were found.\n");
	for (size_t i = 0; i < d->count; i++) {
		const struct sk_finding *finding = &d->findings[i];

		sk_str_addf(&d->text, "  %zu. %s\n", i + 1, finding->message);
		if (finding->command)
			sk_str_addf(&d->text, "     run: %s\n",
				    finding->command);
		else if (finding->advice)
			sk_str_addf(&d->text, "     %s\n", finding->advice);
		sk_jsonw_object(&d->w, NULL);
		sk_jsonw_text(&d->w, "code", finding->code);
		sk_jsonw_text(&d->w, "message", finding->message);
		sk_jsonw_text(&d->w, "command", finding->command);
		sk_jsonw_text(&d->w, "advice", finding->advice);
		sk_jsonw_end_object(&d->w);
	}
	sk_jsonw_end_array(&d->w);
}

void sk_doctor_run(struct sk_doctor *d)
{
	d->w = SK_JSONW(&d->json);
	sk_jsonw_object(&d->w, NULL);
	sk_jsonw_int(&d->w, "schema_version", 1);
	sk_doctor_versions(d);
	sk_doctor_home(d);
	sk_doctor_account(d);
	sk_doctor_hooks(d);
	sk_doctor_config(d);
	sk_doctor_queues(d);
	sk_doctor_senders(d);
	sk_doctor_server(d);
	add_findings(d);
	sk_jsonw_bool(&d->w, "ok", d->count == 0);
	sk_jsonw_end_object(&d->w);
	sk_str_putc(&d->json, '\n');
}

void sk_doctor_free(struct sk_doctor *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->findings[i].message);
		free(d->findings[i].command);
		free(d->findings[i].advice);
	}
	free(d->findings);
	sk_account_free(&d->account);
	sk_str_free(&d->text);
	sk_str_free(&d->json);
}
