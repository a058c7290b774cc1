package io.balsa.mutants;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A known bug as an edit of our source.
 *
 * @param name what the mutant does wrong
 * @param bug the number of the known bug, such as {@code KB-16}
 */
public record Mutant(String name, String bug, List<Edit> edits) {
  private static final String SUFFIX = ".mutant";

  /**
   * Reads the file of a mutant.
   *
   * @throws BadMutant when the file cannot be read or has another form
   */
  public static Mutant read(Path file) throws BadMutant {
    try {
      return MutantText.parse(nameOf(file), Files.readString(file));
    } catch (MalformedInputException _) {
      throw new BadMutant(file + " is not text");
    } catch (IOException _) {
      throw new BadMutant(file + " cannot be read");
    }
  }

  /**
   * Reads all mutants of a folder, in the order of their names.
   *
   * @throws BadMutant when there are none, or one cannot be read
   */
  public static List<Mutant> readAll(Path folder) throws BadMutant {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException _) {
      throw new BadMutant(folder + " is not a folder of mutants");
    }
    if (files.isEmpty()) {
      throw new BadMutant(folder + " holds no file whose name ends in " + SUFFIX);
    }
    Mutant[] mutants = new Mutant[files.size()];
    for (int i = 0; i < mutants.length; i++) {
      mutants[i] = read(files.get(i));
    }
    return List.of(mutants);
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /**
   * The edited sources.
   *
   * @param sources the folder with the sources
   * @return the text of each edited file by its path
   * @throws BadMutant when an edit does not fit the source
   */
  Map<String, String> edited(Path sources) throws BadMutant {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Edit edit : edits) {
      String text = texts.containsKey(edit.file()) ? texts.get(edit.file()) : text(sources, edit);
      texts.put(edit.file(), edit.in(text));
    }
    return texts;
  }

  private static String text(Path sources, Edit edit) throws BadMutant {
    try {
      return Files.readString(sources.resolve(edit.file()));
    } catch (IOException _) {
      throw new BadMutant("there is no " + edit.file() + " in " + sources);
    }
  }

  /**
   * Compiles the mutant and runs nothing.
   *
   * @return class files by class names
   * @throws BadMutant when it does not fit the sources or does not compile
   */
  public Map<String, byte[]> compile(Path sources) throws BadMutant {
    return MutantCompiler.compile(edited(sources));
  }
}
