# Two network namespaces with two lines between them: packets towards the second are lost at random, and some take the slower line.
#
#   sender 10.9.0.1 == fast line, and a slow one ==> 10.9.0.2 receiver
#
# usage: lossy.sh LOSS_PERCENT SLOW_PERCENT SLOW_BITS_PER_SECOND SENDER RECEIVER    (the last two are commands)
set -u
fail() { echo "cannot: $*"; exit 3; }
try() { said=$("$@" 2>&1) || fail "$1 ${2:-} ${3:-}: $(echo "$said" | head -1)"; }
for tool in ip tc nsenter; do command -v $tool > /dev/null || fail "$tool is not installed (iproute2, util-linux)"; done
command -v nft > /dev/null || command -v iptables > /dev/null || fail "neither nft nor iptables is installed (nftables)"
loss=$1 slow=$2 bits=$3 sender=$4 receiver=$5

unshare -n sleep 300 &
far=$!
trap 'kill $far ${near:-} 2> /dev/null' EXIT
waited=0
while [ "$(readlink /proc/$far/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do
  kill -0 $far 2> /dev/null && [ $waited -lt 100 ] || fail "no second network namespace can be made"
  waited=$((waited + 1)); sleep 0.1
done
there() { nsenter -t $far -n "$@"; }

try ip link set lo up
try there ip link set lo up
for line in 0 1; do
  try ip link add a$line type veth peer name b$line netns $far
  try ip addr add 10.9.$line.1/24 dev a$line
  try ip link set a$line up
  try there ip addr add 10.9.$line.2/24 dev b$line
  try there ip link set b$line up
done
# An answer takes the fast line whichever the packet took; where this may not be written, it is so by default.
there sh -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 2 > $f; done' 2> /dev/null
try ip route add default via 10.9.1.2 dev a1 table 100
try ip rule add fwmark 1 lookup 100
try tc qdisc add dev a1 root tbf rate ${bits}bit burst 600 limit 60000
if command -v nft > /dev/null; then
  try nft add table inet lab
  try nft 'add chain inet lab out { type route hook output priority 0; }'
  try nft add rule inet lab out ip daddr 10.9.0.2 numgen random mod 1000 '<' $((slow * 10)) meta mark set 1
  try there nft add table inet lab
  try there nft 'add chain inet lab in { type filter hook prerouting priority -300; }'
  try there nft add rule inet lab in ip daddr 10.9.0.2 numgen random mod 1000 '<' $((loss * 10)) drop
else
  try iptables -t mangle -A OUTPUT -d 10.9.0.2 -m statistic --mode random --probability 0.$(printf %02d $slow) -j MARK --set-mark 1
  try there iptables -t raw -A PREROUTING -d 10.9.0.2 -m statistic --mode random --probability 0.$(printf %02d $loss) -j DROP
fi

sh -c "exec $sender" > /dev/null 2>&1 &
near=$!
nsenter -t $far -n sh -c "exec $receiver"
