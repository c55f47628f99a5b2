package dev.commithooks.jta;

import javax.transaction.xa.XAResource;
import org.jboss.tm.FirstResource;
import org.jboss.tm.LastResource;
import org.jboss.tm.XAResourceWrapper;
import org.jspecify.annotations.Nullable;

/** Puts watched resources in front of others, which keep the marks and names that Narayana knows resources by. */
final class Watching {

    private static final boolean HAS_MARKS = hasMarks();

    private Watching() {}

    static WatchedResource of(XAResource resource, JtaTransaction transaction) {
        return HAS_MARKS && resource instanceof XAResourceWrapper named
                ? Marked.of(named, transaction)
                : HAS_MARKS && resource instanceof LastResource
                        ? new Marked.Last(resource, transaction)
                        : new WatchedResource(resource, transaction);
    }

    private static boolean hasMarks() {
        try {
            Class.forName("org.jboss.tm.XAResourceWrapper", false, Watching.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError notThere) {
            return false;
        }
    }

    /** A resource with a name, by which recovery may ask for it. */
    private static class Marked extends WatchedResource implements XAResourceWrapper {

        private final XAResource resource;

        Marked(XAResource resource, JtaTransaction transaction) {
            super(resource, transaction);
            this.resource = resource;
        }

        static WatchedResource of(XAResourceWrapper resource, JtaTransaction transaction) {
            return resource instanceof LastResource
                    ? new Last(resource, transaction)
                    : resource instanceof FirstResource
                            ? new First(resource, transaction)
                            : new Marked(resource, transaction);
        }

        private @Nullable XAResourceWrapper named() {
            return resource instanceof XAResourceWrapper wrapper ? wrapper : null;
        }

        @Override
        public XAResource getResource() {
            XAResourceWrapper named = named();
            return named == null ? resource : named.getResource();
        }

        @Override
        public @Nullable String getProductName() {
            XAResourceWrapper named = named();
            return named == null ? null : named.getProductName();
        }

        @Override
        public @Nullable String getProductVersion() {
            XAResourceWrapper named = named();
            return named == null ? null : named.getProductVersion();
        }

        @Override
        public @Nullable String getJndiName() {
            XAResourceWrapper named = named();
            return named == null ? null : named.getJndiName();
        }

        /** A connection that knows no two phases, committed between them. */
        private static final class Last extends Marked implements LastResource {
            Last(XAResource resource, JtaTransaction transaction) {
                super(resource, transaction);
            }

            @Override
            boolean isXa() {
                return false;
            }
        }

        private static final class First extends Marked implements FirstResource {
            First(XAResource resource, JtaTransaction transaction) {
                super(resource, transaction);
            }
        }
    }
}
