// Starts the database that jOOQ's generator reads, unless what it generated last time still holds.
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import java.security.MessageDigest
import org.flywaydb.core.Flyway

if (session.userProperties['maven.test.skip'] == 'true') { // no tests, no tables
    project.properties['codegen.unchanged'] = 'true'
    return
}

def inputs = [new File(project.basedir, 'codegen-config.xml')]
['db-migrations', 'src/build'].each { inputs += (new File(project.basedir, it).listFiles() as List).sort() }
def digest = MessageDigest.getInstance('SHA-256')
inputs.each { digest.update(it.name.bytes); digest.update(it.bytes) }
['jooq.version', 'zonky-binaries.version'].each {
    digest.update((session.userProperties[it] ?: project.properties[it]).bytes)
}
def inputHash = digest.digest().encodeHex().toString()

def generated = new File(project.properties['generated-test-sources.dir'])
def stamp = new File(project.build.directory, 'codegen.sha256')
if (generated.directory && stamp.file && stamp.text == inputHash) {
    project.properties['codegen.unchanged'] = 'true'
    return
}
stamp.delete()
project.properties['codegen.unchanged'] = 'false'
project.properties['codegen.input-hash'] = inputHash

// The build's own output stays readable.
System.setProperty('org.jooq.no-logo', 'true')
System.setProperty('org.jooq.no-tips', 'true')

System.setProperty('ot.epg.working-dir', project.properties['embedded-pg.dir'])
def data = new File(project.build.directory, 'codegen-database')
data.deleteDir()
def server = EmbeddedPostgres.builder()
    .setDataDirectory(data)
    .setCleanDataDirectory(false) // it would not find its classes any more when a failed build shuts down
    .start()
session.request.data['codegen.server'] = server
def url = server.getJdbcUrl('postgres', 'postgres')
Flyway.configure()
    .loggers('slf4j')
    .dataSource(url, 'postgres', 'postgres')
    .locations("filesystem:${project.basedir}/db-migrations")
    .load()
    .migrate()
project.properties['codegen.jdbc.url'] = url
