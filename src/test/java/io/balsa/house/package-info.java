/**
 * The house rules, held by tests: who may use whom ({@link io.balsa.house.ArchitectureTest}) and
 * what no compiler knows ({@link io.balsa.house.HouseTest}).
 *
 * <p>The one idea: a fence that never bit is no fence. The folder {@code bad} is a small house that
 * breaks each rule, and a test expects each to be seen.
 */
@NullMarked
package io.balsa.house;

import org.jspecify.annotations.NullMarked;
