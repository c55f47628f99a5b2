// Stops the generator's database, notes what it was generated from, and leaves the main source roots to main sources.
session.request.data.remove('codegen.server')?.close()

def inputHash = project.properties['codegen.input-hash']
if (inputHash) {
    new File(project.build.directory, 'codegen.sha256').text = inputHash
}
project.compileSourceRoots.removeAll { it.contains('generated-test-sources') }
