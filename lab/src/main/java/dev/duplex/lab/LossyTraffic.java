package dev.duplex.lab;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of one feed over a network that loses packets.
 *
 * @param messages the number of messages that were sent
 * @param arrivals those that came, in the order in which they came
 */
public record LossyTraffic(int messages, List<Arrival> arrivals) {
    /** Copies the list. */
    public LossyTraffic {
        arrivals = List.copyOf(arrivals);
    }

    /** How many never came. */
    public int lost() {
        return messages - (int) arrivals.stream().mapToInt(Arrival::sequence).distinct().count();
    }

    /** How many came after one that was sent later. */
    public int reordered() {
        int latest = -1;
        int count = 0;
        for (Arrival arrival : arrivals) {
            count += arrival.sequence() < latest ? 1 : 0;
            latest = Math.max(latest, arrival.sequence());
        }
        return count;
    }

    /** How late so many in a hundred were at most, in milliseconds. */
    public double lateMillis(double percent) {
        double[] late = arrivals.stream().mapToDouble(Arrival::lateMillis).sorted().toArray();
        return late.length == 0 ? 0 : late[(int) Math.min(late.length - 1L, Math.round(Math.floor(late.length * percent / 100)))];
    }

    /** The sequence numbers that never came. */
    public List<Integer> missing() {
        boolean[] came = new boolean[messages];
        arrivals.forEach(arrival -> came[arrival.sequence()] = true);
        return Arrays.stream(range()).filter(sequence -> !came[sequence]).boxed().toList();
    }

    private int[] range() {
        int[] all = new int[messages];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /** As JSON has it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("sent", messages);
        map.put("lost", lost());
        map.put("out_of_order", reordered());
        map.put("late_p50_ms", lateMillis(50));
        map.put("late_p99_ms", lateMillis(99));
        map.put("late_max_ms", lateMillis(100));
        map.put("arrivals", arrivals.stream().map(a -> List.of(a.sequence(), a.sentNanos(), a.receivedNanos())).toList());
        return map;
    }
}
