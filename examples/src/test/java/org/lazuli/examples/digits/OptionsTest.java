package org.lazuli.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void nothingIsNeeded() {
        Options options = Options.parse();

        assertNull(options.data());
        assertEquals(30, options.epochs());
        assertEquals(0, options.seed());
    }

    @Test
    void everythingCanBeChosen() {
        Options options = Options.parse("--data", "d", "--epochs", "3", "--seed", "7", "--out", "o");

        assertEquals(new Options(Path.of("d"), 3, 7, Path.of("o"), false), options);
    }

    @Test
    void fiveEpochsAreEnoughForALargerDataSet() {
        assertEquals(5, Options.parse("--data", "d").epochs());
    }

    @Test
    void everyOptionIsInTheHelp() {
        assertTrue(Options.parse("--help").help());
        for (String option : new String[] {"--data", "--epochs", "--seed", "--out", "--help"}) {
            assertTrue(Options.HELP.contains(option + " "), option);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epoch 3 | there is no option --epoch; --help shows those there are",
                "somewhere | there is no option somewhere; --help shows those there are",
                "--epochs | --epochs needs a value after it",
                "--epochs 0 | --epochs needs a whole number from 1 to 10000, not '0'",
                "--epochs many | --epochs needs a whole number from 1 to 10000, not 'many'",
                "--seed -1 | --seed needs a whole number from 0 on, not '-1'",
            })
    void saysWhatIsWrong(String line, String message) {
        var error = assertThrows(IllegalArgumentException.class, () -> Options.parse(line.split(" ")));

        assertEquals(message, error.getMessage());
    }
}
