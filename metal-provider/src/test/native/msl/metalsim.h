// Metal Shading Language on clang's C++ for OpenCL: what <metal_stdlib> and its companions declare, as far as compute
// kernels use it. The source that follows is unmodified but for what translator.cpp does.
//
// Where Metal has no overload there is none here either, so that what compiles here has a chance to compile there:
// no math functions of bfloat, no 64-bit simd_ functions, no float atomics in threadgroup memory, no double.
#pragma once
#pragma clang system_header
#pragma OPENCL EXTENSION cl_khr_fp16 : enable

#include "keywords.h"
#include "vectors.h"
#include "traits.h"
#include "limits.h"
#include "math.h"
#include "integers.h"
#include "entry.h"
#include "atomics.h"
#include "simd.h"
#include "matrix.h"
#include "constructors.h"
