# What ./balsa and the installed launcher have in common: limits, the flags of java, the start. To be sourced.
# Uses nothing but bash, because a container image may have nothing else.

umask 077
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2} # a dozen arenas of glibc would hold what RocksDB gave back
# RocksDB's Java side would run ldd at every start to find this out
compgen -G '/lib/ld-musl-*' >/dev/null || export ROCKSDB_MUSL_LIBC=${ROCKSDB_MUSL_LIBC:-false}

# In the locale C java cannot open files whose path has other letters, and takes them for others in arguments.
letter=$'\303\261'
if ((${#letter} != 1)); then
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX | *.[Uu][Tt][Ff]8 | *.[Uu][Tt][Ff]-8) # the last two: a locale that is not installed
      export LC_ALL=C.UTF-8
      ;;
  esac
fi 2>/dev/null

say() { printf 'balsa: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# Says on a terminal what takes long, and for how long already.
watched() { # words, command
  local words=$1 rc=0
  shift
  if [[ ! -t 2 ]]; then
    "$@"
    return
  fi
  (SECONDS=0; while :; do printf '\rbalsa: %s, %d s ' "$words" "$SECONDS" >&2; sleep 1; done) 9<&- &
  local clock=$!
  "$@" || rc=$?
  kill "$clock"
  wait "$clock" 2>/dev/null || :
  printf '\n' >&2
  return "$rc"
}

# ---- the limit of open files: with fewer than this java does not get as far as to say what is wrong

check_files() {
  local most
  [[ ${1:-} == @(server|proxy) ]] || return 0
  most=$(ulimit -Hn)
  [[ $most == unlimited ]] || ((most >= 128)) ||
    fail "only $most files may be open in a process, and a $1 needs about 220; raise the limit (ulimit -n 4096, or LimitNOFILE= of systemd)"
}

# ---- the flags of java

# What the start-up cache depends on: the same for training and for every command.
fixed=(
  -XX:+UseCompactObjectHeaders
  -XX:-UsePerfData
  --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow
  -Xlog:disable
  -Xlog:all=error:stderr
  '-Xlog:aot*=off:stderr' # a collector that cannot use the start-up cache goes without
)
read -rd '' -a chosen <<<"${BALSA_JAVA_OPTS:-}" || : # words of all lines
# java refuses two collectors
[[ " ${chosen[*]-} " == *" -XX:+Use"*"GC "* ]] || fixed+=(-XX:+UseSerialGC)

case ${1:-} in
  # the newest entries of the log and the newest changes (2 MiB each) fit a survivor space, and die there within
  # four collections: in the old generation they would take memory until that is full. What outlives these stays,
  # and each further copy of it would be a longer pause
  server | proxy) sized=(-Dio.netty.leakDetection.level=disabled -Xmx256m -XX:SurvivorRatio=3
    -XX:TargetSurvivorRatio=90 -XX:MaxTenuringThreshold=4 -XX:MaxDirectMemorySize=144m
    -XX:+ExitOnOutOfMemoryError)
    # a proxy has each answer twice, as it comes and as it leaves
    [[ $1 == server ]] || sized+=(-XX:MaxDirectMemorySize=288m) ;;
  bench | drill | simulate | verify) sized=(-Xmx1g) ;;
  playground) sized=(-Xmx256m) ;;
  *) sized=(-Xmx128m -XX:TieredStopAtLevel=1) ;;
esac

# ---- the start-up cache

# train JDK FOLDER: records what is hot, for half a minute. The caches halve the time to the first answer, and with
# the profiles in it the servers' second compiler pays for itself soon. Without them everything works, only later.
# Short commands have a cache of their own: it holds what they use and no more.
train() {
  local jar
  for jar in "$2"/lib/picocli-*.jar; do # too old for a cache: docs/decisions/0024-starting-a-command.md
    "$1/bin/java" -cp "$jar" "${BASH_SOURCE[0]%/*}/NewClassFiles.java" "$jar" >/dev/null 2>&1 || :
  done
  rm -f "$2/profiled"
  if record "$1" "$2" balsa warm-up; then
    : >"$2/profiled"
  else
    say "recording failed, so servers will use more CPU; why is in $2/balsa.log"
    record "$1" "$2" balsa --help || :
  fi
  record "$1" "$2" command warm-up --commands || :
}

record() { # JDK, folder, cache, arguments
  local step=1
  [[ $3 == balsa ]] || step=2
  if watched "preparing fast starts ($step of 2)" run_recording "$@" && [[ -s $2/$3.aot.new ]]; then
    mv "$2/$3.aot.new" "$2/$3.aot"
    return
  fi
  rm -f "$2/$3.aot.new"
  return 1
}

run_recording() {
  timeout 180 "$1/bin/java" "${fixed[@]}" -Xmx256m "-XX:AOTCacheOutput=$2/$3.aot.new" \
    -jar "$2/balsa.jar" "${@:4}" >"$2/$3.log" 2>&1 </dev/null
}

# ---- the start

# start JDK FOLDER LAUNCHER ARGUMENTS...: becomes java with the build in FOLDER
start() {
  local jdk=$1 folder=$2 launcher=$3 cache=$2/balsa.aot
  shift 3
  case ${1:-} in
    server | proxy | playground | bench | drill | simulate | verify | warm-up) ;;
    *) cache=$folder/command.aot ;;
  esac
  [[ ! -e $cache ]] || sized+=("-XX:AOTCache=$cache")
  case ${1:-} in
    server | proxy)
      if [[ -e $folder/profiled ]]; then
        # little inlining leaves the second compiler a quarter of its work, and hardly costs; its low priority is
        # for all users, but java warns those who are not root
        sized+=(-XX:MaxInlineLevel=6 -XX:InlineSmallCode=500 -XX:FreqInlineSize=70
          -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=15)
        ((EUID == 0)) || sized+=(-XX:-PrintWarnings)
      else
        sized+=(-XX:TieredStopAtLevel=1) # without profiles the second compiler would use a third of all CPU for minutes
      fi
      ;;
  esac
  exec "$jdk/bin/java" "${fixed[@]}" "${sized[@]}" "-Dbalsa.launcher=$launcher" ${chosen[@]+"${chosen[@]}"} \
    -jar "$folder/balsa.jar" "$@"
}
