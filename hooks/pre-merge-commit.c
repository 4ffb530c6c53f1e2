/* SPDX-License-Identifier: MIT */
#include "front/hook.h"

int main(void)
{
	return sk_hook_gate_merge();
}
