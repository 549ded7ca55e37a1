package dev.duplex.load;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.ChannelHandlerContext;

/** Sends messages and awaits each of them back, in order. */
final class EchoPeer extends Peer implements Sender {
    private final Sendings underWay = new Sendings();
    private int answered;
    private int unwritten;

    EchoPeer(Lane lane, DeflateParameters deflate) {
        super(lane, deflate);
    }

    /** Puts as many messages under way as the plan's depth says; from then on each answer is followed by a message. */
    void begin() {
        follow(lane.plan.depth());
        ctx.flush();
    }

    private void follow(int count) {
        long due = System.nanoTime();
        for (int i = 0; i < count; i++) {
            underWay.add(due);
        }
        lane.tally.sent(due, count);
        frames.write(ctx, count);
    }

    @Override
    public void send(long dueNanos) {
        underWay.add(dueNanos);
        lane.tally.sent(dueNanos, 1);
        if (ctx.channel().isWritable()) {
            frames.write(ctx, 1);
        } else {
            unwritten++;
        }
    }

    @Override
    public void flush() {
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        while (unwritten > 0 && ctx.channel().isWritable()) {
            frames.write(ctx, 1);
            unwritten--;
        }
        ctx.flush();
    }

    @Override
    void received(boolean isCompressed) {
        if (underWay.count() == 0) {
            if (!lane.isOver) {
                lane.tally.wrong("an answer came that nobody waited for");
            }
            return;
        }
        lane.tally.answered(underWay.poll(), now, isCompressed);
        answered++;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (answered > 0 && lane.isSending && !lane.plan.isOpenLoop()) {
            follow(answered);
            ctx.flush();
        }
        answered = 0;
    }

    @Override
    void ended() {
        giveUp(System.nanoTime());
    }

    long outstanding() {
        return underWay.count();
    }

    void giveUp(long moment) {
        while (underWay.count() > 0) {
            lane.tally.givenUp(underWay.poll(), moment);
        }
        unwritten = 0;
    }
}
