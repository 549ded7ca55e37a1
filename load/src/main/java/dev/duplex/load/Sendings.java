package dev.duplex.load;

/** When the messages under way were to be sent, the oldest first: answers come in the same order. */
final class Sendings {
    private long[] due = new long[4];
    private int head;
    private int count;

    void add(long dueNanos) {
        if (count == due.length) {
            grow();
        }
        due[(head + count++) & due.length - 1] = dueNanos;
    }

    /** Takes the oldest; there must be one. */
    long poll() {
        long oldest = due[head];
        head = head + 1 & due.length - 1;
        count--;
        return oldest;
    }

    int count() {
        return count;
    }

    private void grow() {
        long[] larger = new long[2 * due.length];
        for (int i = 0; i < count; i++) {
            larger[i] = due[(head + i) & due.length - 1];
        }
        due = larger;
        head = 0;
    }
}
