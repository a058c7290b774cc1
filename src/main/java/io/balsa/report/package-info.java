/**
 * Tables and pages for the results of {@code bench}, {@code drill} and {@code verify}.
 *
 * <p>The one idea: the other rooms measure, this room only lays out. A page is a static HTML file
 * in the resources. It reads one JSON block and draws its charts with the library uPlot.
 *
 * <p>Start reading at {@code Page} and {@code Table}.
 */
@NullMarked
package io.balsa.report;

import org.jspecify.annotations.NullMarked;
