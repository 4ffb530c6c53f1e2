/* SPDX-License-Identifier: MIT */
/* libgit2 without TLS, whose certificates it would read at its start. */
#ifndef SK_GIT_TLS_H
#define SK_GIT_TLS_H

/* Call before git_libgit2_init(): links the stand-in that tls.c explains. */
void sk_git_skip_tls(void);

/* mbedTLS's own prototype, with its type left opaque. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

#endif
