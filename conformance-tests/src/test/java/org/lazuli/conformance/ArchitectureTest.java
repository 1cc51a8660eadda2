package org.lazuli.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.greaterThanOrEqualTo;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
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
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;

/// Who may know whom. Every rule also counts the classes it looked at, so that none can pass on nothing; a count is a
/// floor, some way below the number of the day it was written.
@AnalyzeClasses(packages = "org.lazuli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> JAVA =
            resideInAnyPackage("java..", "org.jspecify.annotations..").as("Java");

    /// What both sides of the backend interface speak of.
    private static final DescribedPredicate<JavaClass> VALUE_TYPES =
            DescribedPredicate.describe("a value type", type -> {
                JavaClass element = type.getBaseComponentType();
                return element.isEquivalentTo(DType.class)
                        || element.isEquivalentTo(Shape.class)
                        || element.isEquivalentTo(MathMode.class)
                        || element.isEquivalentTo(Quantization.class)
                        || element.isEquivalentTo(Quantization.Mode.class);
            });

    private static final DescribedPredicate<JavaClass> PUBLIC_API = resideInAnyPackage(
                    "org.lazuli",
                    "org.lazuli.function",
                    "org.lazuli.tree",
                    "org.lazuli.io",
                    "org.lazuli.nn..",
                    "org.lazuli.optimizers",
                    "org.lazuli.train..")
            .as("the public API");

    @ArchTest
    static final ArchRule onlyTheEvaluatorCallsABackend = classes()
            .that()
            .resideInAPackage("org.lazuli..")
            .and()
            .resideOutsideOfPackages("org.lazuli.graph", "org.lazuli.cpu..", "org.lazuli.conformance..")
            .and()
            .areNotAssignableTo(Backend.class)
            .should(not(accessTargetWhere(targetOwner(assignableTo(Backend.class)))))
            .andShould(outOfAtLeast(200));

    @ArchTest
    static final ArchRule librariesAreWrittenAsAUserWould = classes()
            .that()
            .resideInAnyPackage("org.lazuli.nn..", "org.lazuli.optimizers..", "org.lazuli.io..", "org.lazuli.train..")
            .should(onlyDependOnClassesThat(PUBLIC_API.or(JAVA)))
            .andShould(outOfAtLeast(100));

    @ArchTest
    static final ArchRule backendsSeeTheirInterfaceAndValues = classes()
            .that()
            .resideInAPackage("org.lazuli.cpu..")
            .should(onlyDependOnClassesThat(
                    resideInAnyPackage("org.lazuli.cpu..", "org.lazuli.spi..", "jdk.incubator.vector..")
                            .or(VALUE_TYPES)
                            .or(JAVA)))
            .andShould(outOfAtLeast(50));

    @ArchTest
    static final ArchRule theBackendInterfaceStandsAlone = classes()
            .that()
            .resideInAPackage("org.lazuli.spi..")
            .should(onlyDependOnClassesThat(
                    resideInAnyPackage("org.lazuli.spi..").or(VALUE_TYPES).or(JAVA)))
            .andShould(outOfAtLeast(50));

    @ArchTest
    static final ArchRule transformsSeeInstructionsNeverKernels = classes()
            .that()
            .resideInAPackage("org.lazuli.transforms..")
            .should(not(dependOnClassesThat(belongToAnyOf(
                    Kernel.class,
                    FusedElementwise.class,
                    FusedReduction.class,
                    Tensor.class,
                    Buffer.class,
                    Backend.class))))
            .andShould(outOfAtLeast(12));

    @ArchTest
    static final ArchRule filesAndTreesDoNotKnowModules = classes()
            .that()
            .resideInAnyPackage("org.lazuli.io..", "org.lazuli.tree..", "org.lazuli.function..")
            .should(not(dependOnClassesThat(resideInAnyPackage("org.lazuli.nn..", "org.lazuli.optimizers.."))))
            .andShould(outOfAtLeast(40));

    @ArchTest
    static final ArchRule modulesDoNotKnowOptimizers = classes()
            .that()
            .resideInAPackage("org.lazuli.nn..")
            .should(not(dependOnClassesThat(resideInAnyPackage("org.lazuli.optimizers.."))))
            .andShould(outOfAtLeast(60));

    @ArchTest
    static final ArchRule nothingNeedsTraining = classes()
            .that()
            .resideInAPackage("org.lazuli..")
            .and()
            .resideOutsideOfPackages("org.lazuli.train..", "org.lazuli.conformance..", "org.lazuli.examples..")
            .should(not(dependOnClassesThat(resideInAPackage("org.lazuli.train.."))))
            .andShould(outOfAtLeast(200));

    private static ArchCondition<JavaClass> outOfAtLeast(int count) {
        return containNumberOfElements(greaterThanOrEqualTo(count));
    }
}
