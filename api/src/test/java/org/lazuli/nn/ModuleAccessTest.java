package org.lazuli.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models in modules of the Java platform, which decide who may see their fields.
class ModuleAccessTest {
    private static final String MODEL = """
            package com.acme.model;
            public class Factory implements java.util.function.Supplier<org.lazuli.nn.Module> {
                static class Hidden extends org.lazuli.nn.Module {
                    public org.lazuli.Array weight = org.lazuli.Ops.zeros(1);
                }
                public org.lazuli.nn.Module get() { return new Hidden(); }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void aClosedPackageIsRefusedWithTheLineToWrite() throws Exception {
        Module model = model("module com.acme { requires org.lazuli; exports com.acme.model; }");
        Exception error = assertThrows(IllegalStateException.class, model::parameters);
        assertTrue(
                String.valueOf(error.getMessage())
                        .endsWith("write `opens com.acme.model to org.lazuli;` in the module-info.java of com.acme"),
                error.getMessage());
    }

    @Test
    void thatLineHelps() throws Exception {
        Module model = model(
                "module com.acme { requires org.lazuli; exports com.acme.model; opens com.acme.model to org.lazuli; }");
        assertEquals(1, model.parameters().leaves().size());
    }

    private Module model(String moduleInfo) throws Exception {
        assertTrue(Module.class.getModule().isNamed(), "this test must run on the module path");
        Path source =
                Files.createDirectories(folder.resolve("src/com/acme/model")).resolve("Factory.java");
        Files.writeString(source, MODEL);
        Path info = Files.writeString(folder.resolve("src/module-info.java"), moduleInfo);
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-proc:none",
                        "-p",
                        System.getProperty("jdk.module.path"),
                        "-d",
                        folder.resolve("out").toString(),
                        source.toString(),
                        info.toString());
        assertEquals(0, status);
        ModuleLayer parent = Module.class.getModule().getLayer();
        Configuration configuration = parent.configuration()
                .resolve(ModuleFinder.of(folder.resolve("out")), ModuleFinder.of(), Set.of("com.acme"));
        ClassLoader loader = ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(parent), Module.class.getClassLoader())
                .layer()
                .findLoader("com.acme");
        Class<?> factory = loader.loadClass("com.acme.model.Factory");
        return (Module) ((Supplier<?>) factory.getConstructor().newInstance()).get();
    }
}
