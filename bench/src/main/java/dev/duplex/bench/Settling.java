package dev.duplex.bench;

/**
 * Whether a cost that falls, because a compiler still betters the code, has stopped falling.
 *
 * <p>It has once the cheapest second lies {@value #PATIENCE} seconds back, where cheaper means by more than 2 %: less is noise, and
 * noise alone must keep nobody waiting.
 */
final class Settling {
    private static final int PATIENCE = 3;
    private static final double CHEAPER = 0.98;

    private double cheapest = Double.POSITIVE_INFINITY;
    private int secondsSince;

    /** Takes the cost of one more second. @return whether it has settled */
    boolean after(double cost) {
        if (cost < CHEAPER * cheapest) {
            cheapest = cost;
            secondsSince = 0;
            return false;
        }
        return ++secondsSince >= PATIENCE;
    }
}
