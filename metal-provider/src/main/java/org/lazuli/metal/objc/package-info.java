/// The part of Objective-C and Metal that the backend uses, as Java types over the generated bindings.
///
/// An object is a [org.lazuli.metal.objc.Reference]. Who must let it go is in its type, and follows the selector that returned it, as Apple's naming
/// rules have it: what `new…` returns is a [org.lazuli.metal.objc.Owned], which is closed exactly once; everything else belongs to the innermost
/// [org.lazuli.metal.objc.AutoreleasePool] and dies with it. Command buffers and encoders are returned autoreleased, live longer than one
/// pool, and are retained here, so they are `Owned` too.
///
/// Every message is a constant of [org.lazuli.metal.objc.Selector], every number of Metal's enumerations one of
/// [org.lazuli.metal.objc.MetalConstant]: both can be checked against Apple's headers as data, without a Mac. Messages are sent by
/// [org.lazuli.metal.objc.Send] alone, whose methods are named by the shape of the call.
@NullMarked
package org.lazuli.metal.objc;

import org.jspecify.annotations.NullMarked;
