# objc_msgSend for x86-64: finds the method and jumps to it with all arguments untouched.
#
# The argument registers are saved round the search; arguments on the stack (structs by value) stay where they are,
# because the frame is gone again before the jump. That is why this cannot be written in C++.

        .text
        .globl  objc_msgSend
        .type   objc_msgSend, @function
objc_msgSend:
        .cfi_startproc
        testq   %rdi, %rdi
        je      metalsim_nil_method
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        subq    $192, %rsp
        andq    $-16, %rsp
        movq    %rdi, 0(%rsp)
        movq    %rsi, 8(%rsp)
        movq    %rdx, 16(%rsp)
        movq    %rcx, 24(%rsp)
        movq    %r8, 32(%rsp)
        movq    %r9, 40(%rsp)
        movq    %rax, 48(%rsp)
        movups  %xmm0, 64(%rsp)
        movups  %xmm1, 80(%rsp)
        movups  %xmm2, 96(%rsp)
        movups  %xmm3, 112(%rsp)
        movups  %xmm4, 128(%rsp)
        movups  %xmm5, 144(%rsp)
        movups  %xmm6, 160(%rsp)
        movups  %xmm7, 176(%rsp)
        call    metalsim_find_method
        movq    %rax, %r11
        movq    0(%rsp), %rdi
        movq    8(%rsp), %rsi
        movq    16(%rsp), %rdx
        movq    24(%rsp), %rcx
        movq    32(%rsp), %r8
        movq    40(%rsp), %r9
        movq    48(%rsp), %rax
        movups  64(%rsp), %xmm0
        movups  80(%rsp), %xmm1
        movups  96(%rsp), %xmm2
        movups  112(%rsp), %xmm3
        movups  128(%rsp), %xmm4
        movups  144(%rsp), %xmm5
        movups  160(%rsp), %xmm6
        movups  176(%rsp), %xmm7
        leave
        .cfi_def_cfa %rsp, 8
        jmp     *%r11
        .cfi_endproc
        .size   objc_msgSend, . - objc_msgSend

# What a message to nil returns, whatever its type: zero in every result register.
        .globl  metalsim_nil_method
        .hidden metalsim_nil_method
        .type   metalsim_nil_method, @function
metalsim_nil_method:
        xorl    %eax, %eax
        xorl    %edx, %edx
        xorps   %xmm0, %xmm0
        xorps   %xmm1, %xmm1
        ret
        .size   metalsim_nil_method, . - metalsim_nil_method

# void metalsim_switch(void** save, void* to): leaves this stack, noting it in *save, and goes on on the other one.
# Only what a call must preserve is kept, so a switch costs a few nanoseconds.
        .globl  metalsim_switch
        .hidden metalsim_switch
        .type   metalsim_switch, @function
metalsim_switch:
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .size   metalsim_switch, . - metalsim_switch

        .section .note.GNU-stack, "", @progbits
