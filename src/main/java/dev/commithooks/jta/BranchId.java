package dev.commithooks.jta;

import java.util.HexFormat;
import javax.transaction.xa.Xid;

/**
 * The identity of one branch of a JTA transaction: an {@link Xid}, of which each manager and each driver has a class of its own.
 *
 * @param global the transaction's id, in hexadecimal digits
 * @param branch the branch's id, in hexadecimal digits
 */
record BranchId(String global, String branch) {

    static BranchId of(Xid xid) {
        HexFormat hex = HexFormat.of();
        return new BranchId(hex.formatHex(xid.getGlobalTransactionId()), hex.formatHex(xid.getBranchQualifier()));
    }
}
