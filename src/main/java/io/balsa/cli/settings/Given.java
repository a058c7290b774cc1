package io.balsa.cli.settings;

/**
 * A setting as somebody gave it.
 *
 * @param flag the flag that it stands for, as {@code --name}
 * @param value its value as text
 * @param source what to call it in a message: the flag, the variable, or the line of the file
 */
record Given(String flag, String value, String source) {}
