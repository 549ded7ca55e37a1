# Finds a JDK of at least 21. Sourced by ./duplex and ./check; forks nothing, so that a start stays quick.

# Sets REPLY to the major version of the JDK at $1, or to 0 where there is no JDK.
jdk_version() {
  REPLY=0
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  local line
  while IFS= read -r line; do
    case $line in JAVA_VERSION=*) line=${line#*\"}; REPLY=${line%%[!0-9]*}; REPLY=${REPLY:-0}; return 0 ;; esac
  done < "$1/release"
}

# Keeps the better of $1 and what was found before: 25, on which Duplex is tested, then the highest.
consider_jdk() {
  jdk_version "$1"
  [ "$REPLY" -ge 21 ] && [ "$jdk_found" != 25 ] || return 0
  if [ "$REPLY" = 25 ] || [ "$REPLY" -gt "$jdk_found" ]; then jdk_found=$REPLY; jdk_home=$1; fi
}

java_on_path() {
  local java link
  java=$(command -v java) || return 0
  while link=$(readlink "$java"); do
    case $link in /*) java=$link ;; *) java=${java%/*}/$link ;; esac
  done
  consider_jdk "${java%/bin/java}"
}

look_around() {
  local name home
  for name in ${!JAVA@} ${!JDK@}; do                  # JAVA25_HOME, JAVA_HOME_25_X64, JDK_25, ...
    consider_jdk "${!name}"
  done
  for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/*jdk* /opt/* /opt/*/* \
      "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.gradle/jdks/* "${HOME:-}"/.jabba/jdk/* \
      "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
      {,"${HOME:-}"}/Library/Java/JavaVirtualMachines/*/Contents/Home \
      {/opt/homebrew,/usr/local,/home/linuxbrew/.linuxbrew}/opt/openjdk*/libexec{,/openjdk.jdk/Contents/Home}; do
    consider_jdk "$home"
  done
  [ "$jdk_found" = 25 ] || java_on_path
}

# Sets and exports JAVA_HOME: $DUPLEX_JAVA_HOME, else a $JAVA_HOME that is new enough, else the best to be found.
find_jdk() {
  jdk_found=0 jdk_home=
  if [ -n "${DUPLEX_JAVA_HOME:-}" ]; then
    consider_jdk "$DUPLEX_JAVA_HOME"
    [ "$jdk_found" -gt 0 ] || { echo "duplex: DUPLEX_JAVA_HOME=$DUPLEX_JAVA_HOME is no JDK of version 21 or newer" >&2; exit 2; }
  else
    [ -z "${JAVA_HOME:-}" ] || consider_jdk "$JAVA_HOME"
    [ "$jdk_found" -gt 0 ] || look_around
    [ "$jdk_found" -gt 0 ] || { echo "duplex: no JDK of version 21 or newer found; install one, or name its folder: DUPLEX_JAVA_HOME=/path/to/jdk" >&2; exit 2; }
  fi
  export JAVA_HOME=$jdk_home
}
