// Stops the generator's database, notes what it was generated from, and leaves the main source roots to main sources.
session.request.data.remove('codegen.server')?.close()
new File(project.build.directory, 'codegen-database').deleteDir()

def inputHash = project.properties['codegen.input-hash']
if (inputHash) {
    new File(project.build.directory, 'codegen.sha256').text = inputHash
}

def generated = project.compileSourceRoots.findAll { it.contains('generated-test-sources') }
if (project.respondsTo('removeCompileSourceRoot')) { // from Maven 3.9.10 on
    generated.each { project.removeCompileSourceRoot(it) }
} else {
    project.compileSourceRoots.removeAll(generated)
}
