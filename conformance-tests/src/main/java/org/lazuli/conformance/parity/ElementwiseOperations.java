package org.lazuli.conformance.parity;

import org.lazuli.Array;
import org.lazuli.FloatInfo;
import org.lazuli.Ops;

/// Operations that work element by element.
final class ElementwiseOperations {

    private ElementwiseOperations() {}

    static void addTo(OperationTable.Builder table) {
        addUnary(table);
        addArithmetic(table);
        addComparisons(table);
        addBits(table);
        table.one("astype", call -> call.array(0).astype(call.dtype().orElseThrow()))
                .one("view", call -> call.array(0).view(call.dtype().orElseThrow()))
                .one("where", ElementwiseOperations::where)
                .many("divmod", call -> Ops.divmod(call.array(0), call.array(1)))
                .one(
                        "isclose",
                        call -> call.array(0)
                                .isclose(
                                        call.array(1),
                                        call.real("rtol", 1e-5),
                                        call.real("atol", 1e-8),
                                        call.flag("equal_nan", false)))
                .one(
                        "allclose",
                        call -> call.array(0)
                                .allclose(
                                        call.array(1),
                                        call.real("rtol", 1e-5),
                                        call.real("atol", 1e-8),
                                        call.flag("equal_nan", false)))
                .one("array_equal", call -> call.array(0).arrayEqual(call.array(1), call.flag("equal_nan", false)))
                .one("nan_to_num", ElementwiseOperations::nanToNum)
                .one("clip", ElementwiseOperations::clip);
    }

    private static void addUnary(OperationTable.Builder table) {
        table.unary("abs", Array::abs)
                .unary("negative", Array::neg)
                .unary("positive", x -> x)
                .unary("sign", Array::sign)
                .unary("square", Array::square)
                .unary("sqrt", Array::sqrt)
                .unary("rsqrt", Array::rsqrt)
                .unary("reciprocal", Array::reciprocal)
                .unary("exp", Array::exp)
                .unary("expm1", Array::expm1)
                .unary("log", Array::log)
                .unary("log2", Array::log2)
                .unary("log10", Array::log10)
                .unary("log1p", Array::log1p)
                .unary("sin", Array::sin)
                .unary("cos", Array::cos)
                .unary("tan", Array::tan)
                .unary("arcsin", Array::arcsin)
                .unary("arccos", Array::arccos)
                .unary("arctan", Array::arctan)
                .unary("sinh", Array::sinh)
                .unary("cosh", Array::cosh)
                .unary("tanh", Array::tanh)
                .unary("arcsinh", Array::arcsinh)
                .unary("arccosh", Array::arccosh)
                .unary("arctanh", Array::arctanh)
                .alias("asin", "arcsin")
                .alias("acos", "arccos")
                .alias("atan", "arctan")
                .alias("asinh", "arcsinh")
                .alias("acosh", "arccosh")
                .alias("atanh", "arctanh")
                .unary("erf", Array::erf)
                .unary("erfinv", Array::erfinv)
                .unary("sigmoid", Array::sigmoid)
                .unary("floor", Array::floor)
                .unary("ceil", Array::ceil)
                .unary("trunc", Array::trunc)
                .one(
                        "round",
                        call -> call.has("decimals")
                                ? call.array(0).round(call.integer("decimals"))
                                : call.array(0).round())
                .unary("logical_not", Array::logicalNot)
                .unary("bitwise_invert", Array::bitwiseInvert)
                .unary("isnan", Array::isnan)
                .unary("isinf", Array::isinf)
                .unary("isfinite", Array::isfinite)
                .unary("isposinf", Array::isposinf)
                .unary("isneginf", Array::isneginf)
                .unary("conj", Array::conj)
                .alias("conjugate", "conj")
                .unary("real", Array::real)
                .unary("imag", Array::imag)
                .unary("degrees", Array::degrees)
                .unary("radians", Array::radians)
                .unary("stop_gradient", Ops::stopGradient);
    }

    private static void addArithmetic(OperationTable.Builder table) {
        table.binary("add", Array::add, Array::add, (number, x) -> x.add(number))
                .binary("subtract", Array::sub, Array::sub, Ops::sub)
                .binary("multiply", Array::mul, Array::mul, (number, x) -> x.mul(number))
                .binary("divide", Array::div, Array::div, Ops::div)
                .binary("floor_divide", Array::floorDivide, Array::floorDivide, Ops::floorDivide)
                .binary("remainder", Array::remainder, Array::remainder, Ops::remainder)
                .binary("power", Array::pow, Array::pow, Ops::pow)
                .alias("pow", "power")
                .binary("maximum", Ops::maximum, Ops::maximum, (number, x) -> Ops.maximum(x, number))
                .binary("minimum", Ops::minimum, Ops::minimum, (number, x) -> Ops.minimum(x, number))
                .binary("arctan2", Ops::arctan2)
                .alias("atan2", "arctan2")
                .binary("logaddexp", Ops::logaddexp);
    }

    private static void addComparisons(OperationTable.Builder table) {
        table.binary("equal", Array::eq, Array::eq, (number, x) -> x.eq(number))
                .binary("not_equal", Array::ne, Array::ne, (number, x) -> x.ne(number))
                .binary("less", Array::lt, Array::lt, (number, x) -> x.gt(number))
                .binary("less_equal", Array::le, Array::le, (number, x) -> x.ge(number))
                .binary("greater", Array::gt, Array::gt, (number, x) -> x.lt(number))
                .binary("greater_equal", Array::ge, Array::ge, (number, x) -> x.le(number))
                .binary("logical_and", Array::logicalAnd)
                .binary("logical_or", Array::logicalOr)
                .binary("logical_xor", Array::logicalXor);
    }

    private static void addBits(OperationTable.Builder table) {
        table.binary("bitwise_and", Array::bitwiseAnd, Array::bitwiseAnd, (number, x) -> x.bitwiseAnd(number))
                .binary("bitwise_or", Array::bitwiseOr, Array::bitwiseOr, (number, x) -> x.bitwiseOr(number))
                .binary("bitwise_xor", Array::bitwiseXor, Array::bitwiseXor, (number, x) -> x.bitwiseXor(number))
                .binary(
                        "left_shift",
                        Array::leftShift,
                        Array::leftShift,
                        (number, x) -> OperationTable.weak(number, x.dtype()).leftShift(x))
                .binary(
                        "right_shift",
                        Array::rightShift,
                        Array::rightShift,
                        (number, x) -> OperationTable.weak(number, x.dtype()).rightShift(x))
                .alias("bitwise_left_shift", "left_shift")
                .alias("bitwise_right_shift", "right_shift");
    }

    private static Array where(Call call) {
        Array condition = call.array(0);
        Value x = call.operand(1);
        Value y = call.operand(2);
        if (x instanceof Value.Scalar(Number left)) {
            return y instanceof Value.Scalar(Number right)
                    ? Ops.where(condition, left, right)
                    : Ops.where(condition, left, call.array(2));
        }
        return y instanceof Value.Scalar(Number right)
                ? Ops.where(condition, call.array(1), right)
                : Ops.where(condition, call.array(1), call.array(2));
    }

    private static Array nanToNum(Call call) {
        Array x = call.array(0);
        if (!call.has("nan") && !call.has("posinf") && !call.has("neginf")) {
            return x.nanToNum();
        }
        double largest = x.dtype().isInexact() ? FloatInfo.of(x.dtype()).max() : 0;
        return x.nanToNum(call.real("nan", 0), call.real("posinf", largest), call.real("neginf", -largest));
    }

    private static Array clip(Call call) {
        boolean lower = !call.has("a_min") || call.isNumber("a_min");
        boolean upper = !call.has("a_max") || call.isNumber("a_max");
        if (lower && upper) {
            return call.array(0)
                    .clip(
                            call.has("a_min") ? call.number("a_min") : null,
                            call.has("a_max") ? call.number("a_max") : null);
        }
        Array x = call.array(0);
        if (!call.has("a_min")) {
            return Ops.minimum(x, call.array("a_max"));
        }
        return call.has("a_max")
                ? Ops.clip(x, call.array("a_min"), call.array("a_max"))
                : Ops.maximum(x, call.array("a_min"));
    }
}
