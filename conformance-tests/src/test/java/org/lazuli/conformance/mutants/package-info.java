/// Who judges the judge: backends with one thing wrong each, and the checks of the suite that must notice.
package org.lazuli.conformance.mutants;
