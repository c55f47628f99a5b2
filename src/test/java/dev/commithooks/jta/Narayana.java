package dev.commithooks.jta;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Narayana, one a process, with its log in the build's folder. */
final class Narayana {

    private static final TransactionManager MANAGER = start();
    private static final TransactionSynchronizationRegistry REGISTRY = new TransactionSynchronizationRegistryImple();

    private Narayana() {}

    static TransactionManager manager() {
        return MANAGER;
    }

    static TransactionSynchronizationRegistry registry() {
        return REGISTRY;
    }

    private static TransactionManager start() {
        try {
            String folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "narayana")
                    .toString();
            arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("1");
            for (String store : new String[] {"default", "communicationStore", "stateStore"}) {
                ObjectStoreEnvironmentBean bean = store.equals("default")
                        ? arjPropertyManager.getObjectStoreEnvironmentBean()
                        : BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store);
                bean.setObjectStoreDir(folder);
            }
            CoordinatorEnvironmentBean coordinator = arjPropertyManager.getCoordinatorEnvironmentBean();
            coordinator.setDefaultTimeout(60);
            return com.arjuna.ats.jta.TransactionManager.transactionManager();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CoreEnvironmentBeanException e) {
            throw new IllegalStateException(e);
        }
    }
}
