package org.lazuli.metal;

import static com.tngtech.archunit.base.DescribedPredicate.greaterThanOrEqualTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.containNumberOfElements;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import org.lazuli.DType;
import org.lazuli.MathMode;
import org.lazuli.Shape;

/// Who may know whom in the Metal backend. Every rule also counts the classes it looked at.
@AnalyzeClasses(packages = "org.lazuli.metal", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> JAVA =
            resideInAnyPackage("java..", "org.jspecify.annotations..").as("Java");

    private static final DescribedPredicate<JavaClass> VALUE_TYPES =
            DescribedPredicate.describe("DType, its Category, MathMode or Shape", type -> {
                JavaClass element = type.getBaseComponentType();
                return element.isEquivalentTo(DType.class)
                        || element.isEquivalentTo(DType.Category.class)
                        || element.isEquivalentTo(MathMode.class)
                        || element.isEquivalentTo(Shape.class);
            });

    @ArchTest
    static final ArchRule theBackendSeesItsInterfaceAndValues = classes()
            .that()
            .resideInAPackage("org.lazuli.metal..")
            .should(onlyDependOnClassesThat(resideInAnyPackage("org.lazuli.metal..", "org.lazuli.spi..")
                    .or(VALUE_TYPES)
                    .or(JAVA)))
            .andShould(outOfAtLeast(60));

    @ArchTest
    static final ArchRule onlyTheTypedLayerSendsMessages = classes()
            .that()
            .resideInAnyPackage("org.lazuli.metal", "org.lazuli.metal.kernels")
            .should(not(dependOnClassesThat(resideInAnyPackage("org.lazuli.metal.ffi"))))
            .andShould(outOfAtLeast(40));

    @ArchTest
    static final ArchRule kernelsKnowWhatTheyAreEncodedWithAndNoMore = classes()
            .that()
            .resideInAPackage("org.lazuli.metal.kernels")
            .should(not(dependOnClassesThat(
                    resideInAnyPackage("org.lazuli.metal", "org.lazuli.metal.objc", "org.lazuli.metal.ffi"))))
            .andShould(outOfAtLeast(25));

    private static ArchCondition<JavaClass> outOfAtLeast(int count) {
        return containNumberOfElements(greaterThanOrEqualTo(count));
    }
}
