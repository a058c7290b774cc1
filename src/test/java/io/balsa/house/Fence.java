package io.balsa.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules over a house, which is a package whose sub-packages are rooms. A room that is still
 * empty keeps them all.
 */
record Fence(String house) {
  private static final Set<String> SALTED = Set.of("of", "ofEntries", "copyOf");
  private static final Set<String> SALTED_COLLECTORS =
      Set.of("toSet", "toUnmodifiableSet", "toUnmodifiableMap");
  private static final Set<String> WALKS =
      Set.of("entrySet", "keySet", "values", "forEach", "iterator", "stream", "toArray");
  private static final Set<String> CLOCKS = Set.of("nanoTime", "currentTimeMillis");
  private static final Set<String> SURROUNDINGS =
      Set.of("getenv", "getProperty", "exit", "in", "out", "err", "getLogger", "identityHashCode");

  private static final List<Room> FILES_BY_THE_DISK =
      Stream.concat(Stream.of(Room.WAL, Room.BACKUPS, Room.SIM), Room.NODE_AND_PARTS.stream())
          .toList();

  ArchRule neighbours(Room room) {
    return classes()
        .that()
        .resideInAPackage(room.in(house))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(room.mayName(house))
        .allowEmptyShould(true);
  }

  ArchRule roomsAreFlat() {
    return classes()
        .that()
        .resideInAPackage(house + "..")
        .and()
        .resideOutsideOfPackage("io.balsa.proto..")
        .should()
        .resideInAnyPackage(Room.in(house, Arrays.asList(Room.values())))
        .allowEmptyShould(true);
  }

  ArchRule noCycles() {
    return slices().matching(house + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }

  ArchRule noClock() {
    return noAccess(
        Room.SIMULATED,
        "time is an input",
        access ->
            calls(access, System.class, CLOCKS)
                || (access.getTargetOwner().getPackageName().equals("java.time")
                    && access.getName().equals("now"))
                || access.getTargetOwner().isEquivalentTo(java.util.Date.class));
  }

  ArchRule noThread() {
    return no(Room.SIMULATED)
        .dependOnClassesThat(describe("hold threads or wait for them", Fence::isThreading))
        .allowEmptyShould(true);
  }

  ArchRule noDice() {
    return noAccess(
        Room.SIMULATED,
        "chance is an input",
        access ->
            access.getTargetOwner().isAssignableTo(Random.class)
                || access.getName().equals("randomUUID")
                || calls(access, Math.class, Set.of("random"))
                || calls(access, java.util.Collections.class, Set.of("shuffle")));
  }

  ArchRule noSaltedOrder() {
    return noAccess(
        Room.SIMULATED,
        "Set.of and Map.of iterate in another order in each JVM, and a HashMap is never iterated",
        access ->
            calls(access, java.util.Set.class, SALTED)
                || calls(access, java.util.Map.class, SALTED)
                || calls(access, java.util.stream.Collectors.class, SALTED_COLLECTORS)
                || calls(access, java.util.HashMap.class, WALKS)
                || calls(access, java.util.HashSet.class, WALKS));
  }

  ArchRule noLookAround() {
    return noAccess(
        Room.CORE,
        "what the core knows comes in by an input",
        access ->
            calls(access, System.class, SURROUNDINGS)
                || access.getTargetOwner().isEquivalentTo(Runtime.class)
                || access.getTargetOwner().isEquivalentTo(ProcessBuilder.class));
  }

  ArchRule filesOnlyByTheDisk() {
    return no(FILES_BY_THE_DISK)
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
        .allowEmptyShould(true);
  }

  private ClassesShould no(List<Room> rooms) {
    return noClasses().that().resideInAnyPackage(Room.in(house, rooms)).should();
  }

  private ArchRule noAccess(List<Room> rooms, String why, Predicate<JavaAccess<?>> forbidden) {
    return no(rooms)
        .accessTargetWhere(describe("is forbidden", forbidden))
        .because(why)
        .allowEmptyShould(true);
  }

  private static boolean calls(JavaAccess<?> access, Class<?> owner, Set<String> names) {
    return access.getTargetOwner().isEquivalentTo(owner) && names.contains(access.getName());
  }

  private static boolean isThreading(JavaClass type) {
    return type.isAssignableTo(Thread.class)
        || type.isAssignableTo(Executor.class)
        || type.isEquivalentTo(Executors.class)
        || type.isEquivalentTo(Timer.class)
        || type.getPackageName().equals("java.util.concurrent.locks");
  }
}
