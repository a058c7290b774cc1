package io.balsa.house.bad.cellar;

/** Stands in a package that is no room. */
record Hidden() {}
