package org.lazuli.nn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The members of a class in another order than superclasses first. It names all of them, by their names in paths.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface MemberOrder {
    String[] value();
}
