/* SPDX-License-Identifier: MIT */
#include "format/time.h"

#define DAY_S	86400
#define LAST_US INT64_C(253402300799999999) /* the end of the year 9999 */

/* Read exactly `count` digits at *at; -1 when there are not as many. */
static int digits(const char **at, int count)
{
	int value = 0;

	while (count--) {
		if (**at < '0' || **at > '9')
			return -1;
		value = 10 * value + (*(*at)++ - '0');
	}
	return value;
}

static bool skip(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/*
 * Days since the epoch in the proleptic Gregorian calendar, counted in years
 * that begin in March, so that the leap day is the last of its year.
 */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t yday = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + yday - 719468;
}

static int parse_date(int64_t *days, const char **at)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30,
				      31, 31, 30, 31, 30, 31};
	int year = digits(at, 4), month, day, leap;

	if (year < 1 || !skip(at, '-') || (month = digits(at, 2)) < 1 ||
	    month > 12 || !skip(at, '-'))
		return -1;
	leap = month == 2 && year % 4 == 0 && (year % 100 || year % 400 == 0);
	day = digits(at, 2);
	if (day < 1 || day > lengths[month - 1] + leap)
		return -1;
	*days = days_of(year, month, day);
	return 0;
}

/* HH:MM, as in a time and in an offset; in seconds. */
static int parse_clock(const char **at)
{
	int hour = digits(at, 2), min;

	if (hour < 0 || hour > 23 || !skip(at, ':'))
		return -1;
	min = digits(at, 2);
	return min < 0 || min > 59 ? -1 : 3600 * hour + 60 * min;
}

static int parse_fraction(int *us, const char **at)
{
	int scale = 100000;

	*us = 0;
	if (!skip(at, '.'))
		return 0;
	if (**at < '0' || **at > '9')
		return -1;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		*us += scale * (**at - '0');
		scale /= 10;
	}
	return 0;
}

static int parse_offset(int *seconds, const char **at)
{
	bool west = **at == '-';

	*seconds = 0;
	if (skip(at, 'Z') || !**at)
		return 0;
	if (!skip(at, west ? '-' : '+') || (*seconds = parse_clock(at)) < 0)
		return -1;
	if (west)
		*seconds = -*seconds;
	return 0;
}

int sk_time_parse(int64_t *us, const char *text)
{
	int clock, sec, fraction, offset;
	int64_t days, value;

	if (parse_date(&days, &text) < 0 ||
	    (!skip(&text, 'T') && !skip(&text, ' ')) ||
	    (clock = parse_clock(&text)) < 0 || !skip(&text, ':') ||
	    (sec = digits(&text, 2)) < 0 || sec > 59 ||
	    parse_fraction(&fraction, &text) < 0 ||
	    parse_offset(&offset, &text) < 0 || *text)
		return -1;
	value = (days * DAY_S + clock + sec - offset) * 1000000 + fraction;
	if (value < 0 || value > LAST_US)
		return -1;
	*us = value;
	return 0;
}

static void add_part(struct sk_str *out, int64_t value, int width, char next)
{
	sk_str_add_int(out, value, width);
	sk_str_putc(out, next);
}

void sk_time_add(struct sk_str *out, int64_t us)
{
	int64_t sec = us / 1000000 - (us % 1000000 < 0);
	int64_t days = sec / DAY_S - (sec % DAY_S < 0);
	int clock = (int)(sec - days * DAY_S);
	int fraction = (int)(us - sec * 1000000);
	int64_t z = days + 719468, year;
	int month, mp;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int yday = (int)(doe - (365 * yoe + yoe / 4 - yoe / 100));

	mp = (5 * yday + 2) / 153;
	month = mp < 10 ? mp + 3 : mp - 9;
	year = yoe + era * 400 + (month <= 2);
	add_part(out, year, 4, '-');
	add_part(out, month, 2, '-');
	add_part(out, yday - (153 * mp + 2) / 5 + 1, 2, 'T');
	add_part(out, clock / 3600, 2, ':');
	add_part(out, clock / 60 % 60, 2, ':');
	sk_str_add_int(out, clock % 60, 2);
	if (fraction) {
		sk_str_putc(out, '.');
		sk_str_add_int(out, fraction, 6);
	}
	sk_str_puts(out, "+00:00");
}

void sk_time_add_span(struct sk_str *out, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{DAY_S, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
	size_t i = 0;
	int64_t rest;

	if (seconds < 0)
		seconds = 0;
	while (i < SK_COUNTOF(units) - 1 && seconds < units[i].seconds)
		i++;
	sk_str_addf(out, "%lld %s", (long long)(seconds / units[i].seconds),
		    units[i].name);
	rest = seconds % units[i].seconds;
	if (rest && rest >= units[i + 1].seconds)
		sk_str_addf(out, " %lld %s",
			    (long long)(rest / units[i + 1].seconds),
			    units[i + 1].name);
}
